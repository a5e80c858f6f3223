//! Jekyll's own tags and filters, and those of plugins by their tag maps.

use super::expression::Expression;
use super::filters::{self, percent_encode, to_text};
use super::render::Host;
use super::site;
use super::template::{self, Tag, TemplateNode};
use crate::escape::escape_text;
use crate::ledger::{Code, Ledger};
use crate::model::{Dialect, DocumentKind, Opened, Place, Value};
use crate::source::{Refusal, joined};
use crate::template::Blog;
use crate::tree::text::longest_run;

/// What a Jekyll template can ask for.
pub struct Jekyll<'a> {
    post: &'a Opened<'a>,
    blog: &'a Blog,
    ledger: &'a mut Ledger,
    page: Value,
}

impl<'a> Jekyll<'a> {
    /// The host for the body of a post.
    pub fn new(post: &'a Opened<'a>, blog: &'a Blog, ledger: &'a mut Ledger) -> Self {
        Jekyll { post, blog, ledger, page: site::page(post) }
    }

    /// Jekyll (`url_filters.rb`): the base path in front of an address without scheme.
    fn relative_url(&self, address: &str) -> String {
        if address.contains("://") || address.starts_with("//") {
            return address.to_owned();
        }
        let base = self.blog.site.base_path.trim_end_matches('/');
        let separator = if address.starts_with('/') || (address.is_empty() && !base.is_empty()) { "" } else { "/" };
        format!("{base}{separator}{address}")
    }

    fn absolute_url(&self, address: &str) -> String {
        if address.contains("://") {
            return address.to_owned();
        }
        format!("{}{}", self.blog.site.host, self.relative_url(address))
    }

    /// Jekyll (`post_url.rb`): a post by `[folder/]YYYY-MM-DD-slug`, with or without the folders above it.
    fn post_url(&self, name: &str) -> Option<String> {
        let wanted = name.trim().trim_start_matches('/').trim_matches(['"', '\'']);
        let stem = |source: &str| source.rsplit_once('.').map_or(source.to_owned(), |(stem, _)| stem.to_owned());
        let found = self.blog.posts.iter().filter(|post| post.kind == DocumentKind::Post).find(|post| {
            let stem = stem(&post.source);
            stem.rsplit_once("_posts/").is_some_and(|(_, below)| below == wanted)
                || stem.ends_with(&format!("/{wanted}"))
        });
        found.map(|post| self.relative_url(&percent_encode(&post.address)))
    }

    /// Jekyll (`link.rb`): any document or file by its path in the source.
    fn link(&self, path: &str) -> Option<String> {
        let path = path.trim().trim_start_matches('/');
        let collections = self.blog.site.setting("collections_dir").and_then(Value::as_str).unwrap_or("");
        let inside = format!("{}/{path}", collections.trim_matches('/'));
        let document = self.blog.post_of_source(path).or_else(|| self.blog.post_of_source(&inside));
        if let Some(post) = document {
            return Some(self.relative_url(&percent_encode(&post.address)));
        }
        let asset = self.blog.assets.iter().find(|asset| asset.source == path)?;
        Some(self.relative_url(&percent_encode(&asset.address)))
    }

    fn note(&mut self, code: Code, tag: &Tag, message: &str) {
        // tags of an included file have no place in this document's text
        let place = match self.post.text.get(tag.offset..) {
            Some(rest) if rest.starts_with(&tag.typed) => self.post.place_of(tag.offset),
            _ => Place::file(&self.post.source),
        };
        self.ledger.add_quoting(code, place, message, &tag.typed);
    }

    /// jekyll-gist: a script, by the identifier and a file.
    fn gist(arguments: &str) -> String {
        let mut words = arguments.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
        let id = words.next().unwrap_or("");
        let file = words.next().map(|file| format!("?file={file}")).unwrap_or_default();
        format!("<script src=\"https://gist.github.com/{id}.js{file}\"> </script>")
    }

    /// Jekyll (`include.rb`): the name is joined below the first folder that has it, a slash in front or not, and may not
    /// climb (`INVALID_SEQUENCES`).
    fn read_included(&self, folders: &[String], file: &str) -> Result<String, (Code, String)> {
        let mut why = Refusal::Missing;
        for folder in folders {
            match self.blog.site.root.text(&joined(folder, file)) {
                Ok(_) if file.contains("..") => {}
                Ok(text) => return Ok(text),
                Err(Refusal::Missing) => {}
                Err(refusal) => why = refusal,
            }
        }
        Err(match why {
            Refusal::LeadsOut => {
                (Code::OutsideSource, format!("the file {file} to include leads out of the source's folder"))
            }
            why => (Code::TagFailed, format!("the file {file} to include {why}")),
        })
    }

    fn mapped(&mut self, tag: &Tag, body: Option<&str>) -> Option<String> {
        let rule = self.blog.tags.get(&tag.name)?;
        if rule.block != body.is_some() {
            return None;
        }
        let args: Vec<String> = tag.arguments.split_whitespace().map(str::to_owned).collect();
        let shown = rule.expand(&args, body.unwrap_or("")).ok()?;
        self.note(Code::BodyTranslated, tag, "a tag was translated by its tag map");
        Some(if rule.inline { shown } else { format!("\n{shown}\n") })
    }
}

impl Host for Jekyll<'_> {
    fn global(&self, name: &str) -> Option<&Value> {
        if name == "page" { Some(&self.page) } else { self.blog.globals().get(name) }
    }

    fn include(&mut self, file: &str, relative: bool) -> Option<Vec<TemplateNode>> {
        let beside = self.post.source.rsplit_once('/').map_or("", |(folder, _)| folder);
        let folders = if relative { vec![beside.to_owned()] } else { self.blog.site.includes.clone() };
        let found = self.read_included(&folders, file);
        let text = found.map_err(|(code, message)| self.ledger.add(code, Place::file(&self.post.source), message)).ok();
        Some(template::parse(&text?))
    }

    /// Jekyll (`highlight.rb`): the code between line ends of its own, blank lines at both ends taken off.
    fn highlight(&mut self, arguments: &str, code: &str, before: &str) -> String {
        let language = arguments.split_whitespace().next().unwrap_or("");
        let code = code.trim_matches(['\n', '\r']).trim_end();
        if self.post.dialect != Dialect::Kramdown {
            // no Markdown is read behind it: Jekyll's own element
            let mut shown = String::new();
            escape_text(code, &mut shown);
            return format!(
                "<figure class=\"highlight\"><pre><code class=\"language-{language}\" data-lang=\"{language}\">{shown}</code></pre></figure>"
            );
        }
        let line = before.rsplit('\n').next().unwrap_or("");
        let indent = if line.trim().is_empty() { line } else { "" };
        let fence = "`".repeat((longest_run(code, '`') + 1).max(3));
        let lead = match (indent.is_empty(), before.is_empty() || before.ends_with("\n\n")) {
            (_, true) | (false, _) => "",
            (true, false) if before.ends_with('\n') => "\n",
            (true, false) => "\n\n",
        };
        format!("{lead}{fence}{language}\n{code}\n{indent}{fence}\n")
    }

    fn tag(&mut self, tag: &Tag, body: Option<&str>, look_up: &mut dyn FnMut(&Expression) -> Value) -> String {
        let arguments = expand_variables(&tag.arguments, look_up);
        let shown = match tag.name.as_str() {
            "post_url" => self.post_url(&arguments),
            "link" => self.link(&arguments),
            "gist" => Some(Self::gist(&arguments)),
            "seo" | "feed_meta" => Some(String::new()),
            _ => self.mapped(tag, body),
        };
        match shown {
            Some(shown) => shown,
            None if matches!(tag.name.as_str(), "post_url" | "link") => {
                self.note(Code::TagFailed, tag, "what the tag names is not there");
                tag.typed.clone()
            }
            None => {
                self.note(Code::TagUnknown, tag, "the tag is kept as typed");
                match (&tag.body, body) {
                    (Some((_, end)), Some(body)) => format!("{}{body}{end}", tag.typed),
                    _ => tag.typed.clone(),
                }
            }
        }
    }

    fn filter(&mut self, name: &str, input: &Value, arguments: &[Value]) -> Option<Value> {
        let text = to_text(input);
        let shown = match name {
            "relative_url" => self.relative_url(&text),
            "absolute_url" => self.absolute_url(&text),
            "strip_index" => text.strip_suffix("/index.html").map_or(text.clone(), |stem| format!("{stem}/")),
            "markdownify" => filters::markdownify(&text, &self.blog.site.markup),
            "smartify" => filters::smartify(&text, &self.blog.site.markup),
            "where_exp" | "group_by_exp" | "find_exp" => {
                let _ = arguments;
                return Some(input.clone());
            }
            _ => return None,
        };
        Some(Value::String(shown))
    }
}

/// Jekyll runs Liquid over the arguments of `link` and `post_url` first.
fn expand_variables(arguments: &str, look_up: &mut dyn FnMut(&Expression) -> Value) -> String {
    let mut out = String::new();
    let mut rest = arguments;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((inner, tail)) = after.split_once("}}") else { break };
        out.push_str(before);
        out.push_str(&to_text(&look_up(&Expression::parse(inner))));
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::super::render::Renderer;
    use super::*;

    /// A host without a site.
    struct Bare;

    impl Host for Bare {
        fn global(&self, _: &str) -> Option<&Value> {
            None
        }
        fn include(&mut self, file: &str, _: bool) -> Option<Vec<TemplateNode>> {
            Some(template::parse(&format!("[{file}:{{{{ include.a }}}}]")))
        }
        fn highlight(&mut self, arguments: &str, code: &str, _: &str) -> String {
            format!("<{arguments}>{code}</>")
        }
        fn tag(&mut self, tag: &Tag, body: Option<&str>, _: &mut dyn FnMut(&Expression) -> Value) -> String {
            format!("({} {} {})", tag.name, tag.arguments, body.unwrap_or(""))
        }
        fn filter(&mut self, _: &str, _: &Value, _: &[Value]) -> Option<Value> {
            None
        }
    }

    /// Source and what the Ruby gem 4.0 shows.
    const CASES: &[(&str, &str)] = &[
        ("{{ 'a' | append: 'b' | upcase }}", "AB"),
        ("{{ nothing.at.all }}|", "|"),
        ("{{ 'x' | no_such_filter }}", "x"),
        ("{% assign a = 'x,y' | split: ',' %}{{ a[1] }}{{ a.size }}", "y2"),
        ("{% for i in (1..3) %}{{ i }}{% unless forloop.last %},{% endunless %}{% endfor %}", "1,2,3"),
        ("{% for i in (1..9) reversed limit:2 %}{{ i }}{% endfor %}", "21"),
        ("{% if a == b %}same{% else %}other{% endif %}", "same"),
        ("{% if 'abc' contains 'b' and 1 < 2 %}y{% endif %}", "y"),
        ("{% case 2 %}{% when 1 %}one{% when 2, 3 %}two{% else %}more{% endcase %}", "two"),
        ("{% raw %}{{ x }} {% y %}{% endraw %}", "{{ x }} {% y %}"),
        ("a {%- if true -%} b {%- endif %} c", "ab c"),
        ("{% comment %}{{ x }}{% endcomment %}z", "z"),
        ("{% capture c %}[{{ 1 | plus: 2 }}]{% endcapture %}{{ c }}{{ c }}", "[3][3]"),
        ("{% include f.html a='1' %}", "[f.html:1]"),
        ("{% cycle 'a','b' %}{% cycle 'a','b' %}", "ab"),
        ("{% increment n %}{% increment n %}", "01"),
        ("{{ 7 | divided_by: 2 }} {{ 7.0 | divided_by: 2 }}", "3 3.5"),
        ("{{ 'a b c' | truncatewords: 2 }}", "a b..."),
        ("{{ '2020-01-02' | date: '%d.%m.%Y' }}", "02.01.2020"),
        ("{% unknown a b %}c", "(unknown a b )c"),
        ("{% box x %}in{% endbox %}", "(box x in)"),
        ("{{ unclosed", "{{ unclosed"),
        ("{% highlight rb %}x{% endhighlight %}", "<rb>x</>"),
    ];

    #[test]
    fn templates_show_what_the_gem_shows() {
        for (source, expected) in CASES {
            let shown = Renderer::new(&mut Bare).render(&template::parse(source));
            assert_eq!(&shown, expected, "{source}");
        }
    }

    #[test]
    fn a_megabyte_of_openers_is_read_once() {
        let text = "{{".repeat(500_000);
        assert_eq!(Renderer::new(&mut Bare).render(&template::parse(&text)), text);
        let text = "{% if a %}".repeat(20_000);
        Renderer::new(&mut Bare).render(&template::parse(&text));
    }
}
