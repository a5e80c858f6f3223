//! Shortcodes for code, of the plugins that most blogs have for it: SyntaxHighlighter Evolved (`get_shortcodes`), the
//! same as wordpress.com has it, and Crayon. What is in them is read before anything else is done to a text.

use std::borrow::Cow;

use super::shortcodes::{attributes, replaced, value};
use crate::dialect::decode;
use crate::escape::{escape_attribute, escape_text};

/// Names that say nothing of a language.
const PLAIN: [&str; 6] = ["code", "sourcecode", "source", "highlight", "codebox", "crayon"];

/// Names that are those of languages.
const LANGUAGES: [&str; 46] = [
    "as3",
    "actionscript3",
    "applescript",
    "arduino",
    "bash",
    "shell",
    "coldfusion",
    "cf",
    "clojure",
    "cpp",
    "csharp",
    "c-sharp",
    "css",
    "delphi",
    "pas",
    "pascal",
    "diff",
    "patch",
    "erl",
    "erlang",
    "fsharp",
    "go",
    "groovy",
    "haskell",
    "java",
    "javafx",
    "jscript",
    "javascript",
    "js",
    "latex",
    "matlab",
    "objc",
    "perl",
    "php",
    "powershell",
    "python",
    "py",
    "rails",
    "ruby",
    "scala",
    "sql",
    "swift",
    "vb",
    "vbnet",
    "xml",
    "yaml",
];

/// Whether a shortcode is for code.
pub fn is_code(name: &str) -> bool {
    PLAIN.contains(&name) || LANGUAGES.contains(&name)
}

/// A text with its shortcodes for code as elements for code.
pub fn shown(text: &str) -> Cow<'_, str> {
    replaced(text, is_code, |found| {
        // without an end it is something that stands in brackets
        let code = found.content?;
        let said = attributes(found.attributes);
        let named = ["language", "lang", "type"].into_iter().find_map(|key| value(&said, key));
        let language = named.or(LANGUAGES.contains(&found.name).then_some(found.name));
        let mut out = "<pre><code".to_owned();
        if let Some(language) = language {
            out.push_str(" class=\"language-");
            escape_attribute(&language.to_lowercase(), &mut out);
            out.push('"');
        }
        out.push('>');
        // the editors keep it escaped, or not
        escape_text(decode(code).trim_matches(['\n', '\r']), &mut out);
        out.push_str("</code></pre>");
        Some(out.replace('[', "&#091;").replace(']', "&#093;"))
    })
}
