//! Which formulas of a Jekyll blog a script set in the reader's browser: those that kramdown marks, and what else the
//! script that a layout loads looks for.

use crate::model::{Formulas, Site, Value};
use crate::source::joined;

/// What the layouts and includes of a blog ask for.
pub fn marks(site: &Site) -> Formulas {
    let source = site.setting("source").and_then(Value::to_text).unwrap_or_default();
    let folders = site.includes.iter().cloned().chain([joined(&source, "_layouts")]);
    let files = folders.flat_map(|folder| site.root.files(&folder, |_| true));
    let templates = files.filter(|file| matches!(&*file.extension(), "html" | "htm" | "js" | "liquid"));
    templates.filter_map(|file| Some(of_template(&site.root.text(&file.path).ok()?))).max().unwrap_or_default()
}

/// MathJax (`FindTeX`) and KaTeX (`auto-render`) look for `\(`, `\[` and `$$`, and for `$` where they are told to.
fn of_template(text: &str) -> Formulas {
    let lower = text.to_ascii_lowercase();
    if !["mathjax", "auto-render"].iter().any(|script| lower.contains(script)) {
        return Formulas::Marked;
    }
    let packed: String = lower.split_whitespace().collect();
    let is_told = |mark: &str| packed.contains(mark);
    let dollars = ["['$','$']", "[\"$\",\"$\"]", "left:'$',", "left:\"$\",", "\"left\":\"$\","];
    if dollars.into_iter().any(is_told) { Formulas::Dollars } else { Formulas::Delimited }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_say_what_they_look_for() {
        for (template, expected) in [
            ("<script src=x.js>", Formulas::Marked),
            ("<script src=/MathJax.js?config=x>", Formulas::Delimited),
            ("MathJax.Hub.Config({tex2jax: {inlineMath: [ ['$', '$'], ['\\\\(','\\\\)'] ]}})", Formulas::Dollars),
            (
                "renderMathInElement(b, {delimiters: [{left: \"$$\", right: \"$$\"}]}) // auto-render",
                Formulas::Delimited,
            ),
            ("auto-render {left: \"$\", right: \"$\", display: false}", Formulas::Dollars),
        ] {
            assert_eq!(of_template(template), expected, "{template}");
        }
    }
}
