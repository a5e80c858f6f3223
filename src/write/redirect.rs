//! Pages that send their readers on.

use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, context};

use crate::address::readable;
use crate::model::Site;

/// A page that sends its readers to an address below the base path, or to one elsewhere.
pub fn page(site: &Site, to: &str) -> String {
    static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_formatter(super::escape);
        // the template is part of the program; a test renders it
        let _ = environment.add_template("redirect.html", include_str!("../../templates/redirect.html"));
        environment
    });
    let to = target(site, to);
    let language = site.language.as_deref().unwrap_or("en");
    TEMPLATES
        .get_template("redirect.html")
        .and_then(|template| template.render(context! { to, language }))
        .unwrap_or_else(|error| format!("<!-- {error} -->"))
}

/// Where readers are sent: an address below the base path with it, one elsewhere as it is.
pub fn target(site: &Site, to: &str) -> String {
    if to.contains("://") { to.to_owned() } else { format!("{}{}", site.base_path, readable(to)) }
}

/// The file of a redirect. With a slash at its end, or without one and an extension, it is a folder's `index.html`: every
/// static server answers with that at both spellings, and who asks follows a redirect anyway.
pub fn file_of(alias: &str) -> String {
    let path = alias.trim_matches('/');
    if !alias.ends_with('/') && is_page_name(path.rsplit('/').next().unwrap_or("")) {
        path.to_owned()
    } else {
        format!("{path}/index.html").trim_start_matches('/').to_owned()
    }
}

/// Whether the last part of an address ends like a page: a dot alone may be part of a title.
pub fn is_page_name(last: &str) -> bool {
    const PAGES: [&str; 13] =
        ["html", "htm", "xhtml", "shtml", "php", "asp", "aspx", "jsp", "cgi", "xml", "json", "txt", "md"];
    last.rsplit_once('.').is_some_and(|(_, extension)| PAGES.contains(&extension))
}
