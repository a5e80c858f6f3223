//! Addresses as configurations and authors write them.

/// Percent-decodes an address and gives it a leading slash.
pub fn decoded(address: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(address).decode_utf8_lossy().into_owned();
    format!("/{}", decoded.trim_start_matches('/'))
}

/// The address of a folder for that of its `index.html`, as all generators link to it.
pub fn without_index(address: String) -> String {
    match address.strip_suffix("/index.html") {
        Some(folder) => format!("{folder}/"),
        None => address,
    }
}

/// Scheme and host, and the base path, of a published address.
pub fn split_url(url: &str) -> (String, String) {
    let url = url.trim().trim_end_matches('/');
    let Some((scheme, rest)) = url.split_once("://") else { return (String::new(), String::new()) };
    match rest.split_once('/') {
        Some((host, path)) => (format!("{scheme}://{host}"), base_path(path)),
        None => (format!("{scheme}://{rest}"), String::new()),
    }
}

/// A base path: empty, or with a leading slash and without a trailing one.
pub fn base_path(path: &str) -> String {
    let path = path.trim().trim_matches('/');
    if path.is_empty() { String::new() } else { format!("/{path}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_addresses_split_into_host_and_base() {
        assert_eq!(split_url("https://a.example/blog/"), ("https://a.example".to_owned(), "/blog".to_owned()));
        assert_eq!(split_url("http://a.example"), ("http://a.example".to_owned(), String::new()));
        assert_eq!(split_url(""), (String::new(), String::new()));
        assert_eq!((base_path("/"), base_path("blog/")), (String::new(), "/blog".to_owned()));
    }
}
