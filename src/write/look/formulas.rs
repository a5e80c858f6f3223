//! Formulas that a target shows as they are typed, until the author puts a script there that sets them.

use crate::ledger::{Code, Ledger};
use crate::model::{Formulas, Map, Place, Target, Value};
use crate::write::{Blog, Theme};

/// The partial template that loads KaTeX from the site itself, where the configuration says so.
pub const HUGO: &str = include_str!("../../../templates/hugo/katex.html");
/// The same for Zola.
pub const ZOLA: &str = include_str!("../../../templates/zola/katex.html");

/// Whether a dialect of the blog marks formulas by itself.
pub fn are_marked(blog: &Blog) -> bool {
    blog.site.markup.math && blog.posts().any(|post| post.dialect.marks_formulas())
}

/// The formulas that readers of the old site saw and that the target leaves as TeX, if there are any. Hugo sets those that
/// the dialect itself marks (`transform.ToMath`); Zola sets none.
fn left(blog: &Blog, target: Target) -> Option<Formulas> {
    let seen = blog.posts().map(|post| blog.site.formulas.of(post)).max()?;
    let are_set = match (target, seen) {
        (_, Formulas::Marked) | (Target::Html, _) => true,
        (Target::Zola, _) | (Target::Hugo, Formulas::Dollars) => false,
        (Target::Hugo, Formulas::Delimited) => are_marked(blog),
    };
    (!are_set).then_some(seen)
}

/// The settings that the partial template asks for, where it is wanted.
pub fn settings(blog: &Blog, target: Target) -> Option<Value> {
    let dollars = left(blog, target)? == Formulas::Dollars;
    let settings = [("load", false), ("dollars", dollars)];
    Some(Value::Map(Map::from_iter(settings.map(|(key, truth)| (key.to_owned(), Value::Bool(truth))))))
}

/// Says so once for the blog.
pub fn tell(blog: &Blog, target: Target, config: &str, ledger: &mut Ledger) {
    if left(blog, target).is_none() {
        return;
    }
    let what = match (target, are_marked(blog)) {
        (Target::Zola, _) => "Zola sets no formulas",
        (_, true) => "Hugo sets no formulas between single dollars",
        (_, false) => "Hugo sets no formulas of this dialect",
    };
    let how = match blog.theme {
        Theme::Starter => "until KaTeX is in static/katex and the configuration says `load = true`",
        Theme::None | Theme::Preset(_) => "unless the theme loads a script for them",
    };
    ledger.add(Code::FormulasAsTex, Place::file(config), format!("{what}: such as there are stay TeX {how}"));
}
