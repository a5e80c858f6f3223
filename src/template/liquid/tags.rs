//! Jekyll's own tags and filters, and those of plugins by their tag maps.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::filters::address::normalize;
use super::open_html::OpenHtml;
use super::render::{Call, Host};
use super::site::SiteDrop;
use super::template::{Tag, TemplateNode};
use super::value::{LiquidMap, LiquidValue};
use crate::dialect::{kramdown, parse};
use crate::escape::escape_text;
use crate::ledger::{Code, Ledger};
use crate::model::{Dialect, Moment, Opened, Value};
use crate::source::{Refusal, joined};
use crate::template::lines::indent_at_end;
use crate::tree::html::render;
use crate::tree::text::{longest_run, plain_text};

/// What a Jekyll template can ask for.
pub struct Jekyll<'a, 'l> {
    post: &'a Opened,
    site: &'a SiteDrop<'a>,
    ledger: &'l mut Ledger,
    /// What was given up and said once.
    given_up: Vec<String>,
    /// The elements that are open where a code block stands.
    open_html: OpenHtml,
}

impl<'a, 'l> Jekyll<'a, 'l> {
    /// The host for the body of a post.
    pub fn new(post: &'a Opened, site: &'a SiteDrop<'a>, ledger: &'l mut Ledger) -> Self {
        Jekyll { post, site, ledger, given_up: Vec::new(), open_html: OpenHtml::default() }
    }

    /// Jekyll (`url_filters.rb`): the base path in front of an address without scheme.
    fn relative_url(&self, address: &str) -> String {
        if has_scheme(address) {
            return address.to_owned();
        }
        let base = self.site.blog.site.base_path.trim_end_matches('/');
        let slash = |part: &str| if part.is_empty() || part.starts_with('/') { "" } else { "/" };
        normalize(&format!("{}{base}{}{address}", slash(base), slash(address)))
    }

    fn absolute_url(&self, address: &str) -> String {
        let host = &self.site.blog.site.host;
        match (has_scheme(address), host.is_empty()) {
            (true, _) => address.to_owned(),
            (false, true) => self.relative_url(address),
            (false, false) => normalize(&format!("{host}{}", self.relative_url(address))),
        }
    }

    /// Jekyll (`post_url.rb`): a post by `[folder/]YYYY-MM-DD-slug`, the folder above or below `_posts`.
    fn post_url(&self, name: &str) -> Option<String> {
        let wanted = name.trim().trim_matches(['"', '\'']).trim_start_matches('/');
        self.site.post_by_name(wanted).map(|address| self.relative_url(&address))
    }

    /// Jekyll (`link.rb`): any document or file by its path in the source.
    fn link(&self, path: &str) -> Option<String> {
        let path = path.trim().trim_start_matches('/');
        let collections = self.site.blog.site.setting("collections_dir").and_then(Value::as_str).unwrap_or("");
        let inside = format!("{}/{path}", collections.trim_matches('/'));
        let document = self.site.blog.post_of_source(path).or_else(|| self.site.blog.post_of_source(&inside));
        let address = match document {
            Some(post) => &post.address,
            None => &self.site.blog.asset_of_source(path)?.address,
        };
        Some(self.relative_url(&crate::address::encoded(address)))
    }

    fn note(&mut self, code: Code, (typed, offset): (&str, usize), message: &str) {
        // tags of an included file have no place in this document's text
        let place = match self.post.text.get(offset..) {
            Some(rest) if rest.starts_with(typed) => self.post.place_of(offset),
            _ => self.post.start(),
        };
        self.ledger.add_quoting(code, place, message, typed);
    }

    /// The value of a variable, or else its name: how plugins of GitHub's take their arguments.
    fn variable_or_text(&self, name: &str, call: &Call<'_, 'a>) -> String {
        let mut steps = name.split('.');
        let first = steps.next().unwrap_or("");
        let variable = Some((call.look_up)(first)).filter(LiquidValue::is_truthy).or_else(|| self.global(first));
        let value = variable.and_then(|value| steps.try_fold(value, |value, step| value.member(step)));
        value.map_or(name.to_owned(), |value| value.to_text())
    }

    /// jekyll-avatar: the user is a name or a variable.
    fn avatar_arguments(&self, call: &Call<'_, 'a>) -> String {
        let user = |word: &str| match word.split_once('=') {
            Some(("user", name)) => format!("user={}", self.variable_or_text(name, call)),
            Some(_) => word.to_owned(),
            None => self.variable_or_text(word, call),
        };
        call.arguments.split_whitespace().map(user).collect::<Vec<_>>().join(" ")
    }

    /// jekyll-gist: a script, by the identifier and a file. The identifier can be a variable.
    fn gist(&self, call: &Call<'_, 'a>) -> String {
        let mut words = call.arguments.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
        let id = words.next().unwrap_or("");
        let file = words.next().map(|file| format!("?file={file}")).unwrap_or_default();
        let id = self.variable_or_text(id, call);
        format!("<script src=\"https://gist.github.com/{id}.js{file}\"> </script>")
    }

    fn mapped(&mut self, tag: &Tag, call: &Call<'_, 'a>) -> Option<String> {
        let rule = self.site.blog.rules.tags.get(&tag.name)?;
        if rule.block != call.body.is_some() {
            return None;
        }
        let arguments = if tag.name == "avatar" { self.avatar_arguments(call) } else { call.arguments.to_owned() };
        let args: Vec<String> = arguments.split_whitespace().map(str::to_owned).collect();
        let shown = rule.expand(&args, call.body.unwrap_or("")).ok()?;
        self.note(Code::BodyTranslated, (&tag.typed, tag.offset), "a tag was translated by its tag map");
        Some(if rule.inline { shown } else { format!("\n{shown}\n") })
    }

    /// Whether a file to include is the theme's, and not here.
    fn is_the_themes(&self, folders: &[String], file: &str) -> bool {
        let blog = self.site.blog;
        blog.rules.includes.contains_key(file)
            && !folders.iter().any(|folder| blog.site.root.file(&joined(folder, file)).is_ok())
    }

    /// Jekyll (`include.rb`): the name is joined below the first folder that has it, a slash in front or not, and may not
    /// climb (`INVALID_SEQUENCES`).
    fn read_included(&self, folders: &[String], file: &str) -> Result<String, (Code, String)> {
        let mut why = Refusal::Missing;
        for folder in folders {
            match self.site.blog.site.root.text(&joined(folder, file)) {
                Ok(_) if file.contains("..") => {}
                Ok(text) => return Ok(text),
                Err(Refusal::Missing) => {}
                Err(refusal) => why = refusal,
            }
        }
        if let (Refusal::Missing, Some(text)) = (&why, self.site.blog.rules.includes.get(file)) {
            return Ok(text.clone());
        }
        Err(match why {
            Refusal::LeadsOut => {
                (Code::OutsideSource, format!("the file {file} to include leads out of the source's folder"))
            }
            why => (Code::TagFailed, format!("the file {file} to include {why}")),
        })
    }
}

impl<'a> Host<'a> for Jekyll<'a, '_> {
    fn global(&self, name: &str) -> Option<LiquidValue<'a>> {
        if name == "page" { Some(self.site.page(self.post)) } else { self.site.variable(name) }
    }

    fn zone(&self) -> &TimeZone {
        &self.site.blog.site.zone
    }

    fn built(&self) -> Moment {
        self.site.blog.built
    }

    fn include(&mut self, file: &str, relative: bool) -> Option<Arc<Vec<TemplateNode>>> {
        let beside = self.post.source.rsplit_once('/').map_or("", |(folder, _)| folder);
        let folders = if relative { vec![beside.to_owned()] } else { self.site.blog.site.includes.clone() };
        let key = if relative { joined(beside, file) } else { format!("/{file}") };
        let template = self.site.globals.include(key, || self.read_included(&folders, file));
        if self.is_the_themes(&folders, file) {
            let message = format!("the theme's own file {file} is not here: a mapping file says what it shows");
            self.ledger.add(Code::BodyTranslated, self.post.start(), message);
        }
        template.map_err(|(code, message)| self.ledger.add(code, self.post.start(), message)).ok()
    }

    /// Jekyll (`highlight.rb`): the code between line ends of its own, blank lines at both ends taken off.
    fn highlight(&mut self, arguments: &str, code: &str, before: &str) -> String {
        let language = arguments.split_whitespace().next().unwrap_or("");
        let code = code.trim_matches(['\n', '\r']).trim_end();
        if self.post.dialect != Dialect::Kramdown || self.open_html.at_end_of(before) {
            // no Markdown is read here: Jekyll's own element
            let mut shown = String::new();
            escape_text(code, &mut shown);
            return format!(
                "<figure class=\"highlight\"><pre><code class=\"language-{language}\" data-lang=\"{language}\">{shown}</code></pre></figure>"
            );
        }
        let indent = indent_at_end(before).unwrap_or("");
        let fence = "`".repeat((longest_run(code, '`') + 1).max(3));
        let lead = match (indent.is_empty(), before.is_empty() || before.ends_with("\n\n")) {
            (_, true) | (false, _) => "",
            (true, false) if before.ends_with('\n') => "\n",
            (true, false) => "\n\n",
        };
        format!("{lead}{fence}{language}\n{code}\n{indent}{fence}\n")
    }

    fn tag(&mut self, tag: &Tag, call: Call<'_, 'a>) -> String {
        let typed = (tag.typed.as_str(), tag.offset);
        let shown = match tag.name.as_str() {
            "post_url" => self.post_url(call.arguments),
            "link" => self.link(call.arguments),
            "gist" => Some(self.gist(&call)),
            // jekyll-seo-tag and jekyll-feed write elements of the head
            "seo" | "feed_meta" => {
                self.note(Code::BodyTranslated, typed, "what a plugin writes into a page's head is the theme's now");
                Some(String::new())
            }
            _ => self.mapped(tag, &call),
        };
        match shown {
            Some(shown) => shown,
            None if matches!(tag.name.as_str(), "post_url" | "link") => {
                self.note(Code::TagFailed, typed, "what the tag names is not there");
                tag.typed.clone()
            }
            None => {
                self.note(Code::TagUnknown, typed, "the tag is kept as typed");
                match (&tag.body, call.body) {
                    (Some((_, end)), Some(body)) => format!("{}{body}{end}", tag.typed),
                    _ => tag.typed.clone(),
                }
            }
        }
    }

    fn filter(&mut self, name: &str, input: &LiquidValue<'a>) -> Option<LiquidValue<'a>> {
        let text = match input {
            LiquidValue::Nil if matches!(name, "relative_url" | "absolute_url" | "strip_index") => {
                return Some(LiquidValue::Nil);
            }
            // Jekyll (`url_filters.rb`): a document stands for its address
            LiquidValue::Map(LiquidMap::Document(document)) if name.ends_with("_url") => document.url(),
            other => other.to_text(),
        };
        let markup = &self.site.blog.site.markup;
        let shown = match name {
            "relative_url" => self.relative_url(&text),
            "absolute_url" => self.absolute_url(&text),
            "strip_index" => {
                let stem = text.strip_suffix("/index.html").or_else(|| text.strip_suffix("/index.htm"));
                stem.map_or_else(|| text.clone(), |stem| format!("{stem}/"))
            }
            // as in a body
            "markdownify" => render(&parse(&text, Dialect::Kramdown, markup)),
            // kramdown's typography without its paragraphs
            "smartify" => plain_text(&kramdown::parse(&text, markup).children),
            _ => return None,
        };
        Some(shown.into())
    }

    fn stray(&mut self, typed: &str, offset: usize) {
        let message =
            "Jekyll stops at this tag, which does not close, closes nothing or makes no sense; it is kept as typed";
        self.note(Code::TagFailed, (typed, offset), message);
    }

    fn give_up(&mut self, what: &str) {
        if !self.given_up.iter().any(|said| said == what) {
            self.given_up.push(what.to_owned());
            self.ledger.add(Code::TagFailed, self.post.start(), what);
        }
    }
}

/// Whether an address is absolute: it begins with a scheme (RFC 3986).
fn has_scheme(address: &str) -> bool {
    address.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    })
}
