//! Hugo's names of folders and files.

/// Hugo (`common/paths/path.go`, `Sanitize`): white space becomes one `-`, and what is no letter, digit or one of a few marks
/// goes. A name stands behind its folder, so that white space at its beginning counts.
pub fn sanitized(name: &str) -> String {
    let mut path = String::new();
    let mut space = false;
    for c in name.chars() {
        if c.is_alphanumeric() || "./\\_#+~-@".contains(c) || is_mark(c) {
            if space && c != '-' {
                path.push('-');
            }
            space = false;
            path.push(c);
        } else if c.is_whitespace() && !path.ends_with('-') {
            space = true;
        }
    }
    path
}

/// Go's `unicode.IsMark`, for the marks that names are written with.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_named_as_hugo_names_them() {
        for (name, expected) in [("C++", "C++"), ("a  b", "a-b"), ("水: 热", "水-热"), ("a - b", "a-b"), ("50%?", "50")]
        {
            assert_eq!(sanitized(name), expected, "{name}");
        }
    }
}
