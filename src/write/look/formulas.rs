//! Formulas that a target shows as they are typed, until the author puts a script there that sets them.

use crate::ledger::{Code, Ledger};
use crate::model::{Dialect, Formulas, Map, Place, Target, Value};
use crate::write::{Blog, Theme};

/// The partial template that loads KaTeX from the site itself, where the configuration says so.
pub const HUGO: &str = include_str!("../../../templates/hugo/katex.html");
/// The same for Zola.
pub const ZOLA: &str = include_str!("../../../templates/zola/katex.html");

/// Whether readers of the old site saw formulas that the target leaves as TeX. Hugo sets those that the dialect itself marks
/// (`transform.ToMath`); Zola sets none.
pub fn are_left(blog: &Blog, target: Target) -> bool {
    let marked_by_dialect = || {
        blog.site.markup.math
            && blog.posts().any(|post| matches!(post.dialect, Dialect::Kramdown | Dialect::Gomarkdown))
    };
    match (target, blog.site.formulas) {
        (_, Formulas::Marked) | (Target::Html, _) => false,
        (Target::Zola, _) | (Target::Hugo, Formulas::Dollars) => true,
        (Target::Hugo, Formulas::Delimited) => !marked_by_dialect(),
    }
}

/// The settings that the partial template asks for.
pub fn settings(blog: &Blog) -> Value {
    let dollars = blog.site.formulas == Formulas::Dollars;
    Value::Map(Map::from_iter([("load".to_owned(), Value::Bool(false)), ("dollars".to_owned(), Value::Bool(dollars))]))
}

/// Says so once for the blog.
pub fn tell(blog: &Blog, target: Target, config: &str, ledger: &mut Ledger) {
    if !are_left(blog, target) {
        return;
    }
    let what = if target == Target::Zola { "Zola sets no formulas" } else { "Hugo sets no formulas between dollars" };
    let how = match blog.theme {
        Theme::Starter => "until KaTeX is in static/katex and the configuration says `load = true`",
        Theme::None | Theme::Preset(_) => "unless the theme loads a script for them",
    };
    ledger.add(Code::FormulasAsTex, Place::file(config), format!("{what}: they are shown as TeX {how}"));
}
