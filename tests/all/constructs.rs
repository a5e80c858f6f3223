//! One small case for each construct of each source generator (`tests/constructs/*.txt`): what becomes of it in every
//! target, and that the page which the real Hugo or Zola builds of it reads as the old one did.

use std::fs;
use std::path::Path;
use std::process::Command;

use html5gum::{Token, Tokenizer};
use postferry::plan::{File, apply};
use postferry::write::Theme;

use crate::builds::{generator, page, run};
use crate::convert;
use crate::{FIXTURES, OVER};

/// A construct: its title, and a body that shows it.
struct Case {
    title: String,
    body: String,
}

fn cases(source: &str) -> Vec<Case> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/constructs/{source}.txt"));
    let text = fs::read_to_string(file).expect("the cases");
    let case = |case: &str| {
        let (title, body) = case.split_once('\n').expect("a title");
        Case { title: title.to_owned(), body: body.trim_end().to_owned() + "\n" }
    };
    text.split("\n######## ").skip(1).map(case).collect()
}

/// A blog with a post for each case, in order: the first is `case-01`.
fn blog(source: &str, cases: &[Case]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    if source == "wordpress" {
        fs::write(folder.path().join("export.xml"), export(cases)).expect("written");
        return folder;
    }
    let (config_file, config) = match source {
        "jekyll" => ("_config.yml", "title: The Blog\nurl: https://t.example\npermalink: /:title/\n"),
        "hexo" => {
            ("_config.yml", "title: The Blog\nurl: https://t.example\npermalink: :title/\nnew_post_name: :title.md\n")
        }
        "hugo" => (
            "hugo.toml",
            "title = \"The Blog\"\nbaseURL = \"https://t.example\"\nenableEmoji = true\n[permalinks]\nposts = \"/:slugorfilename/\"\n\
             [markup.goldmark.extensions.passthrough]\nenable = true\n",
        ),
        "zola" => (
            "config.toml",
            "title = \"The Blog\"\nbase_url = \"https://t.example\"\n[markdown]\ndefinition_list = true\n",
        ),
        _ => (
            "config.yml",
            "site:\n    title: The Blog\n    theme: theme\n    url: https://t.example\n    link: \"{title}/index.html\"\nbuild:\n    output: public\n",
        ),
    };
    fs::write(folder.path().join(config_file), config).expect("written");
    for (at, case) in cases.iter().enumerate() {
        let name = format!("case-{:02}", at + 1);
        let (path, fence) = match source {
            "jekyll" => (format!("_posts/2020-01-01-{name}.md"), "---\n"),
            "hexo" => (format!("source/_posts/{name}.md"), "---\n"),
            "hugo" | "zola" => (format!("content/posts/{name}.md"), "---\n"),
            _ => (format!("source/{name}.md"), ""),
        };
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        // Ink was another one before 2023
        let year = if source == "ink" { 2024 } else { 2020 };
        // the address of a page of Zola's is its own
        let path_of_zola = if source == "zola" { format!("path: {name}\n") } else { String::new() };
        let date = if source == "zola" { "2020-01-01".to_owned() } else { format!("\"{year}-01-01 00:00:00 +0000\"") };
        let front = format!("{fence}title: \"{}\"\ndate: {date}\n{path_of_zola}---\n", case.title);
        fs::write(path, format!("{front}\n{}", case.body)).expect("written");
    }
    folder
}

/// The same as an export of WordPress.
fn export(cases: &[Case]) -> String {
    let item = |(at, case): (usize, &Case)| {
        let name = format!("case-{:02}", at + 1);
        format!(
            "<item><title><![CDATA[{}]]></title><link>https://t.example/{name}/</link>\
             <content:encoded><![CDATA[{}]]></content:encoded><wp:post_id>{}</wp:post_id>\
             <wp:post_date>2020-01-01 00:00:00</wp:post_date><wp:post_date_gmt>2020-01-01 00:00:00</wp:post_date_gmt>\
             <wp:post_name>{name}</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>\n",
            case.title,
            case.body,
            at + 1
        )
    };
    let items: String = cases.iter().enumerate().map(item).collect();
    format!(
        "<?xml version=\"1.0\"?>\n<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel>\n\
         <title>The Blog</title><link>https://t.example</link>\n{items}</channel></rss>\n"
    )
}

#[test]
fn every_construct_in_every_target() {
    for source in FIXTURES {
        let cases = cases(source);
        let folder = blog(source, &cases);
        let mut shown: Vec<String> =
            cases.iter().map(|case| format!("######## {}\n{}", case.title, case.body)).collect();
        for target in ["hugo", "zola", "html"] {
            let outcome = convert(folder.path(), target, Theme::None);
            for (at, text) in shown.iter_mut().enumerate() {
                let name = format!("case-{:02}", at + 1);
                let stem = |source: &str| source.rsplit_once('.').is_some_and(|(stem, _)| stem.ends_with(&name));
                let is_post = |file: &File| file.source.as_deref().is_some_and(stem);
                let file = outcome.plan.files().iter().find(|file| is_post(file)).expect("the post");
                let written = String::from_utf8(outcome.plan.bytes(file).expect("bytes")).expect("text");
                text.push_str(&format!("-------- {target}\n{}\n", body(&written, target).trim()));
            }
        }
        insta::assert_snapshot!(format!("{source}"), shown.join("\n"));
    }
}

/// What stands behind the front matter, or in the element for content.
fn body<'a>(written: &'a str, target: &str) -> &'a str {
    match target {
        "html" => content(written),
        _ => written.splitn(3, "+++").nth(2).unwrap_or(written),
    }
}

/// The content of a page, by its mark.
fn content(html: &str) -> &str {
    let start = html.find("class=\"e-content\">").map_or(0, |at| at + "class=\"e-content\">".len());
    let end = html.find("</article>").unwrap_or(html.len());
    let inner = html[start..end].trim_end();
    inner.strip_suffix("</div>").unwrap_or(inner)
}

#[test]
fn every_construct_reads_the_same_in_hugo() {
    let Some(hugo) = generator("hugo") else { return };
    compare("hugo", |site| {
        run(Command::new(&hugo).arg("--source").arg(site).args(["--buildFuture", "--quiet"]));
    });
}

#[test]
fn every_construct_reads_the_same_in_zola() {
    let Some(zola) = generator("zola") else { return };
    compare("zola", |site| run(Command::new(&zola).arg("--root").arg(site).arg("build")));
}

/// Holds every page that a target builds against the page as plain HTML, which is what the old page showed.
fn compare(target: &str, build: impl Fn(&Path)) {
    let mut wrong = String::new();
    for source in FIXTURES {
        let cases = cases(source);
        let folder = blog(source, &cases);
        let (old, new) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        for (name, out) in [("html", &old), (target, &new)] {
            apply(&convert(folder.path(), name, Theme::Starter).plan, folder.path(), out.path(), OVER)
                .expect("written");
        }
        build(new.path());
        for (at, case) in cases.iter().enumerate() {
            let address = format!("/case-{:02}/", at + 1);
            let read = |site: &Path| page(site, &address).map(|html| shown(content(&html))).unwrap_or_default();
            let (expected, found) = (read(old.path()), read(&new.path().join("public")));
            let set =
                |site: &Path| page(site, &address).map_or(0, |html| html.matches("<template shadowrootmode").count());
            if target == "hugo" && set(old.path()) != set(&new.path().join("public")) {
                wrong.push_str(&format!("== {source}: {}: a formula is set on one page only\n", case.title));
            }
            if expected != found {
                wrong.push_str(&format!("== {source}: {}\n{expected}\n{found}\n", case.title));
            }
        }
    }
    assert!(wrong.is_empty(), "{target}\n{wrong}");
}

/// What a reader sees: text without white space and with plain quotes and dashes, and the elements that show.
fn shown(html: &str) -> String {
    const SHOWN: [&str; 22] = [
        "em",
        "strong",
        "del",
        "code",
        "pre",
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "th",
        "td",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "h1",
        "h2",
        "h3",
        "h4",
        "iframe",
        "hr",
    ];
    let mut out = String::new();
    let mut silent: Vec<String> = Vec::new();
    for token in Tokenizer::new(html).flatten() {
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).into_owned();
                let get = |key: &str| {
                    tag.attributes.get(key.as_bytes()).map(|value| String::from_utf8_lossy(value).into_owned())
                };
                // footnotes are drawn by each generator in its own way, captions of code stay in the fence; what is
                // set of a formula stands in a template, beside what was typed
                let is_note = get("class").is_some_and(|class| class.contains("footnote"))
                    || matches!(&*name, "figcaption" | "template");
                if silent.last() == Some(&name) || (silent.is_empty() && is_note) {
                    silent.push(name);
                } else if silent.is_empty() {
                    match name.as_str() {
                        "a" => out.push_str(&format!("<a {}>", decoded(get("href")))),
                        "img" => out.push_str(&format!("<img {}>", decoded(get("src")))),
                        "h1" | "h2" | "h3" | "h4" => {
                            out.push_str(&format!("<{name} {}>", get("id").unwrap_or_default()))
                        }
                        _ if SHOWN.contains(&name.as_str()) => out.push_str(&format!("<{name}>")),
                        _ => {}
                    }
                }
            }
            Token::EndTag(tag) if silent.last().is_some_and(|name| name.as_bytes() == &**tag.name) => {
                silent.pop();
            }
            Token::String(text) if silent.is_empty() => {
                for c in String::from_utf8_lossy(&text).chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}') {
                    out.push(match c {
                        '“' | '”' | '«' | '»' => '"',
                        '‘' | '’' => '\'',
                        '–' | '—' => '-',
                        c => c,
                    });
                }
            }
            _ => {}
        }
    }
    out.replace('…', "...").replace("---", "-").replace("--", "-")
}

/// An address without the freedom that renderers take with its percent-encoding.
fn decoded(address: Option<String>) -> String {
    let address = address.unwrap_or_default();
    percent_encoding::percent_decode_str(&address).decode_utf8_lossy().into_owned()
}
