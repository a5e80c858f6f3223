//! Hexo's tags: Nunjucks outside code, expanded around the rendering of the Markdown.
//!
//! Hexo puts a comment in the place of every tag, renders the Markdown, and fills in what the tag shows. Here every
//! tag becomes the Markdown or HTML that shows the same, so that the author goes on without the tag.

mod builtin;
mod expression;
mod scan;

use crate::dialect::marked::block::bullet;
use crate::ledger::{Code, Ledger};
use crate::mapping::tagmap::TagRule;
use crate::model::Opened;
use crate::template::Blog;
use crate::template::lines::{indent_at_end, is_blank, push_block};

use scan::Piece;

/// What a tag becomes, and where it may stand.
enum Expansion {
    /// Stands in running text.
    Inline(String),
    /// Needs lines of its own.
    Block(String),
}

/// Expands the tags of a body into Markdown and HTML that show what the tags showed.
pub fn expand(post: &Opened, blog: &Blog, ledger: &mut Ledger) -> String {
    let text = &post.text;
    // Hexo (`post.ts`): `disableNunjucks: true` in the front matter leaves everything as typed
    let disabled = post.details.fields.get("disableNunjucks").is_some_and(|field| field.value.as_bool() == Some(true));
    if disabled || !(text.contains("{{") || text.contains("{%") || text.contains("{#")) {
        return text.clone();
    }
    let mut expander = Expander { post, blog, ledger, depth: 0 };
    expander.expand(text, 0)
}

struct Expander<'a> {
    post: &'a Opened,
    blog: &'a Blog,
    ledger: &'a mut Ledger,
    depth: u8,
}

/// Tags inside tags inside tags: nobody types more.
const DEEPEST: u8 = 16;

impl Expander<'_> {
    /// Expands a text that begins at `offset` of the body.
    fn expand(&mut self, text: &str, offset: usize) -> String {
        let mut out = String::with_capacity(text.len());
        for piece in scan::scan(text) {
            match piece {
                Piece::Text(range) => out.push_str(&text[range]),
                Piece::Comment(_) => {}
                Piece::Variable { range, inner } => {
                    let shown = self.variable(&text[inner], &text[range.clone()], offset + range.start);
                    out.push_str(&shown);
                }
                Piece::Tag { range, inner, body } => {
                    let typed = &text[range.clone()];
                    let body = body.map(|body| (&text[body.clone()], offset + body.start));
                    match self.tag(&text[inner], body, typed, offset + range.start) {
                        Expansion::Inline(shown) if shown != typed && ends_item(&out) => {
                            push_block(&shown, &mut out, &text[range.end..]);
                        }
                        Expansion::Inline(shown) => push_inline(&shown, &mut out, &text[range.end..]),
                        Expansion::Block(shown) => push_block(&shown, &mut out, &text[range.end..]),
                    }
                }
            }
        }
        out
    }

    fn variable(&mut self, inner: &str, typed: &str, offset: usize) -> String {
        match expression::evaluate(inner, self.post, self.blog) {
            Ok(shown) => shown,
            Err(why) => {
                let message = format!("the expression is kept as typed: {why}");
                self.ledger.add_quoting(Code::TagFailed, self.post.place_of(offset), message, typed);
                typed.to_owned()
            }
        }
    }

    fn tag(&mut self, inner: &str, body: Option<(&str, usize)>, typed: &str, offset: usize) -> Expansion {
        let name = scan::name_of(inner);
        let args: Vec<String> = inner.trim_matches(['-', ' ']).split_whitespace().skip(1).map(str::to_owned).collect();
        // tag maps first: a user's own stands in for a built-in tag
        if let Some(rule) = self.blog.rules.tags.get(name)
            && let Some(expansion) = self.mapped(rule, &args, body)
        {
            self.note(Code::BodyTranslated, offset, "a tag was translated by its tag map", typed);
            return expansion;
        }
        if let Some(expansion) = self.built_in(name, &args, body) {
            self.note(Code::BodyTranslated, offset, "a tag was translated", typed);
            return expansion;
        }
        if expression::is_statement(name)
            && let Ok(shown) = expression::render(typed, self.post, self.blog)
        {
            return Expansion::Inline(shown);
        }
        self.note(Code::TagUnknown, offset, "the tag is kept as typed", typed);
        Expansion::Inline(typed.to_owned())
    }

    fn note(&mut self, code: Code, offset: usize, message: &str, typed: &str) {
        self.ledger.add_quoting(code, self.post.place_of(offset), message, typed);
    }

    fn mapped(&mut self, rule: &TagRule, args: &[String], body: Option<(&str, usize)>) -> Option<Expansion> {
        if rule.block != body.is_some() {
            return None;
        }
        let body = body.map(|(body, offset)| self.nested(body, offset)).unwrap_or_default();
        let shown = rule.expand(args, &body).ok()?;
        Some(if rule.inline { Expansion::Inline(shown) } else { Expansion::Block(shown) })
    }

    /// The body of a block tag, its own tags expanded.
    fn nested(&mut self, body: &str, offset: usize) -> String {
        if self.depth >= DEEPEST {
            return body.to_owned();
        }
        self.depth += 1;
        let expanded = self.expand(body, offset);
        self.depth -= 1;
        expanded
    }
}

/// marked (`Tokenizer.ts`, `htmlBeginRegex`): a comment, as which a tag is read, ends the item of a list before it, unless
/// it is indented as far as the item's text.
fn ends_item(before: &str) -> bool {
    // nobody types more lines of an item without a blank one
    const MOST_LINES: usize = 64;
    const CLOSEST_CODE: usize = 4;
    let Some(indent) = indent_at_end(before) else { return false };
    let lines = before[..before.len() - indent.len()].trim_end_matches('\n');
    if before.len() - indent.len() - lines.len() != 1 {
        return false;
    }
    let lines = lines.rsplit('\n').take(MOST_LINES).take_while(|line| !line.trim().is_empty());
    let item = lines.into_iter().find_map(|line| {
        let text = line.trim_start_matches(is_blank);
        let mark = bullet(text).filter(|mark| text[*mark..].starts_with(is_blank))?;
        let begins = line.len() - text.len();
        let spaces = text[mark..].len() - text[mark..].trim_start_matches(is_blank).len();
        Some((begins, begins + mark + if spaces > CLOSEST_CODE { 1 } else { spaces }))
    });
    item.is_some_and(|(begins, text)| indent.len() < text && indent.len() < begins + CLOSEST_CODE)
}

/// Puts inline output into the text. A tag at a line's start was a comment to marked, which ends with its line; what
/// takes its place may begin an HTML block that goes on to the next blank line.
fn push_inline(shown: &str, out: &mut String, rest: &str) {
    let begins_block =
        indent_at_end(out).is_some() && (out.is_empty() || out.ends_with("\n\n") || out.trim_end().is_empty());
    out.push_str(shown);
    let behind = rest.trim_start_matches(is_blank);
    let alone = behind.is_empty() || behind.starts_with('\n');
    if begins_block && alone && shown.starts_with('<') && !shown.starts_with("<!--") {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Hexo 8 answers with hexo-renderer-marked 7, where a picture's tag stands behind each of the lists.
    #[test]
    fn a_tag_ends_the_item_before_it() {
        for (before, ends) in [
            ("10. a\n   ", true),
            ("-   a\n   ", true),
            ("-     a\n ", true),
            ("- a\n", true),
            ("- a\n ", true),
            ("- a\n  ", false),
            ("- a\ngoes on\n", true),
            ("1. a\n  ", true),
            ("1. a\n   ", false),
            ("- a\n  - b\n  ", true),
            ("- a\n  - b\n    ", false),
            ("- a\n\n", false),
            ("a\n", false),
            ("- a ", false),
            ("-a\n", false),
            ("", false),
        ] {
            assert_eq!(ends_item(before), ends, "{before:?}");
        }
    }
}
