//! What a visitor of the new site sees around the texts: menus, beginnings, neighbours, labels, and what machines are told.

use std::fs;
use std::path::Path;
use std::process::Command;

use postferry::ledger::Code;
use postferry::write::Theme;

use crate::builds::page;
use crate::convert;
use crate::lists::{every_target, write};
use crate::smallest::Smallest;

const HEXO: &[(&str, &str)] = &[
    (
        "_config.yml",
        "title: 茶\nurl: https://tea.example\nlanguage: zh-CN\nper_page: 2\npermalink: :title/\ntheme: next\n\
         index_generator: {per_page: 2}\n",
    ),
    (
        "package.json",
        "{\"hexo\": {}, \"dependencies\": {\"hexo\": \"7\", \"hexo-generator-tag\": \"2\", \"hexo-generator-index\": \"3\", \
         \"hexo-generator-archive\": \"2\"}}\n",
    ),
    (
        "_config.next.yml",
        "menu:\n  home: / || fa fa-home\n  关于: /about/\n  gone: /nowhere/\n  elsewhere: https://b.example/\n",
    ),
    ("source/about/index.md", "---\ntitle: 关于我\n---\n我。\n"),
    (
        "source/_posts/one.md",
        "---\ntitle: 一\ndate: 2020-01-01\ntags: [叶]\n---\n第一段。\n<!-- more -->\n\n第二段。\n",
    ),
    (
        "source/_posts/two.md",
        "---\ntitle: </title><script>alert(1)</script>\ndate: 2020-01-02\ncover: \"javascript:alert(1)\"\n\
         summary: <img src=x onerror=alert(1)> short\n---\nText.\n",
    ),
    (
        "source/_posts/three.md",
        "---\ntitle: 三\ndate: 2020-01-03\ntoc: true\n---\n## 甲\n\nText.\n\n## 乙\n\n```js\nlet a = 1;\n```\n",
    ),
];

fn shown(site: &Path, address: &str, target: &str) -> String {
    page(site, address).unwrap_or_else(|| panic!("{address} in {target}"))
}

#[test]
fn a_blog_looks_alike_wherever_it_goes() {
    let source = tempfile::tempdir().expect("a folder");
    write(source.path(), HEXO);
    every_target(source.path(), |site, target| {
        let home = shown(site, "/", target);
        let (frame, main) = home.split_once("<main id=\"main\">").expect("a main part");
        // the menu of the theme's configuration, as far as it leads somewhere
        for part in ["首页", "关于", "/about/", "https://b.example/"] {
            assert!(frame.contains(part), "{part} in {target}: {frame}");
        }
        assert!(!frame.contains("nowhere"), "{target}: {frame}");
        assert!(main.contains("class=\"teaser\"") || main.contains("class=teaser"), "{target}: {main}");
        let one = shown(site, "/one/", target);
        assert!(one.contains("下一篇") && one.contains("/two/"), "{target}: {one}");
        assert!(one.contains("阅读约 1 分钟"), "{target}: {one}");
        let three = shown(site, "/three/", target);
        assert!(three.contains("目录") && three.contains("上一篇"), "{target}: {three}");
    });
}

#[test]
fn the_first_pages_of_the_html_tree_are_those_of_the_old_blog() {
    let source = tempfile::tempdir().expect("a folder");
    write(source.path(), HEXO);
    every_target(source.path(), |site, target| {
        if target != "html" {
            return;
        }
        let [first, second] = ["/", "/page/2/"].map(|address| shown(site, address, target));
        assert!(first.contains("三") && first.contains("/page/2/") && !first.contains("第一段。"), "{first}");
        assert!(second.contains("第一段。") && !second.contains("第二段"), "{second}");
        assert!(second.contains("第 2 页 · 茶"), "{second}");
        let sitemap = fs::read_to_string(site.join("sitemap.xml")).expect("a sitemap");
        assert!(sitemap.contains("<loc>https://tea.example/one/</loc><lastmod>2020-01-01</lastmod>"), "{sitemap}");
        let feed = fs::read_to_string(site.join("feed.json")).expect("a feed");
        let feed: serde_json::Value = serde_json::from_str(&feed).expect("JSON");
        assert_eq!(feed["items"][2]["url"], "https://tea.example/one/");
        assert!(shown(site, "/404.html", target).contains("找不到页面"));
        let three = shown(site, "/three/", target);
        assert!(three.contains("<span class=\"k\">let</span>"), "{three}");
    });
}

fn ran(arguments: &[&str], paths: &[&Path]) -> (i32, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_postferry")).args(arguments).args(paths).output().expect("ran");
    let told = [ran.stdout, ran.stderr].concat();
    (ran.status.code().expect("it ended by itself"), String::from_utf8_lossy(&told).into_owned())
}

#[test]
fn templates_can_be_replaced() {
    let around = tempfile::tempdir().expect("a folder");
    let [own, out, source] = ["own", "out", "blog"].map(|name| around.path().join(name));
    write(&source, HEXO);
    assert_eq!(ran(&["templates", "export"], &[&own]).0, 0);
    let (code, told) = ran(&["templates", "export"], &[&own]);
    assert!(code == 2 && told.contains("there is one already"), "{told}");
    let convert = |more: &[&str]| {
        let arguments = [&["convert", "-q", "--no-progress", "--to", "html", "-o"], more].concat();
        ran(&arguments, &[&out, &source, Path::new("--templates"), &own])
    };
    // as they come, they change nothing
    assert_eq!(convert(&[]).0, 0);
    let before = fs::read_to_string(out.join("one/index.html")).expect("a page");
    fs::write(own.join("comments.html"), "<p>mine: {{ old_address }}</p>{% include 'more.html' %}").expect("written");
    fs::write(own.join("more.html"), "<p>and more</p>").expect("written");
    fs::write(own.join("starter.css"), "body { color: red }").expect("written");
    let (code, told) = convert(&[]);
    assert_eq!(code, 0, "{told}");
    let page = fs::read_to_string(out.join("one/index.html")).expect("a page");
    assert!(!before.contains("mine") && page.contains("<p>mine: /one/</p><p>and more</p>"), "{page}");
    assert_eq!(fs::read_to_string(out.join("css/starter.css")).expect("a style"), "body { color: red }");
    // one that is none is told with its line, and nothing is written
    fs::write(own.join("comments.html"), "a\n{% if %}\n").expect("written");
    let (code, told) = convert(&[]);
    assert!(code == 2 && told.contains("comments.html:2") && told.contains("{% if %}"), "{told}");
    // one that fails on a page costs that page alone, and says where
    fs::write(own.join("comments.html"), "a\n{% if source == 'source/_posts/one.md' %}{{ 1 / 'x' }}{% endif %}")
        .expect("written");
    let (code, told) = ran(
        &["convert", "-v", "--no-progress", "--to", "html", "-o"],
        &[&out, &source, Path::new("--templates"), &own],
    );
    assert!(code == 1 && told.contains("source/_posts/one.md") && told.contains("comments.html, line 2"), "{told}");
    assert!(fs::read_to_string(out.join("two/index.html")).expect("a page").contains("\na\n"));
    let (code, told) =
        ran(&["convert", "--to", "hugo", "-o"], &[&around.path().join("no"), &source, Path::new("--templates"), &own]);
    assert!(code == 2 && told.contains("--templates: hugo has its own"), "{told}");
}

/// As a browser opens it from a disk: every link within the blog names a file.
#[test]
fn a_relative_tree_opens_without_a_server() {
    // what stands outside the base path is not of the blog
    for (fixture, base_path) in [("hexo", "/"), ("ink", "/zettel/"), ("jekyll", "/log/")] {
        let out = tempfile::tempdir().expect("a folder");
        let ran = Command::new(env!("CARGO_BIN_EXE_postferry"))
            .args(["convert", "-q", "--to", "html", "--relative", "-o"])
            .args([&out.path().join("a b"), &crate::fixture(fixture)])
            .output()
            .expect("ran");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let root = out.path().join("a b");
        let (mut followed, mut rooted) = (0, Vec::new());
        for entry in walkdir::WalkDir::new(&root).into_iter().flatten() {
            let path = entry.path();
            if path.extension().is_none_or(|extension| extension != "html") || path.ends_with("404.html") {
                continue;
            }
            let page = fs::read_to_string(path).expect("a page").replace("<link rel=\"canonical\"", "<x");
            for link in crate::crawl::links(&page) {
                let file = link.split(['?', '#']).next().unwrap_or("");
                if file.is_empty() || link.contains(':') || link.starts_with("//") {
                    continue;
                }
                let decoded = percent_encoding::percent_decode_str(file).decode_utf8_lossy();
                match link.starts_with('/') {
                    true => rooted.extend(Some(link).filter(|link| link.starts_with(base_path))),
                    false => followed += usize::from(path.parent().expect("a folder").join(&*decoded).is_file()),
                }
            }
        }
        assert!(followed > 40, "{fixture}: {followed}");
        assert!(rooted.is_empty(), "{fixture}: {rooted:?}");
    }
}

#[test]
fn only_finished_pages_can_have_relative_links_and_a_search() {
    for option in ["--relative", "--search"] {
        let out = tempfile::tempdir().expect("a folder");
        let ran = Command::new(env!("CARGO_BIN_EXE_postferry"))
            .args(["convert", "--to", "hugo", option, "-o"])
            .args([&out.path().join("x"), &crate::fixture("ink")])
            .output()
            .expect("ran");
        assert_eq!(ran.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&ran.stderr).contains("it is for html") && !out.path().join("x").exists());
    }
}

#[test]
fn every_text_can_be_searched_and_is_found_where_its_page_is() {
    let source = tempfile::tempdir().expect("a folder");
    write(source.path(), HEXO);
    let posts: Vec<(String, String)> = (0..70)
        .map(|at| (format!("source/_posts/p{at}.md"), format!("---\ntitle: P{at}\ndate: 2019-01-01\n---\nword{at}.\n")))
        .collect();
    write(source.path(), &posts.iter().map(|(path, text)| (&**path, &**text)).collect::<Vec<_>>());
    for relative in [false, true] {
        let out = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(env!("CARGO_BIN_EXE_postferry"));
        command.args(["convert", "-q", "--to", "html", "--search", "-o"]).args([out.path(), source.path()]);
        let ran = command.args(relative.then_some("--relative")).output().expect("ran");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        let page = fs::read_to_string(out.path().join("search/index.html")).expect("the page of the search");
        assert!(page.contains("data-parts=\"2\"") && page.contains("搜索"), "{page}");
        let mut found = Vec::new();
        for part in ["1", "2"] {
            let script = fs::read_to_string(out.path().join(format!("search/{part}.js"))).expect("a file of texts");
            let list =
                script.strip_prefix(&format!("postferrySearch({part}, ")).and_then(|list| list.strip_suffix(");\n"));
            let list: Vec<[String; 4]> = serde_json::from_str(list.expect("a call")).expect("JSON");
            found.extend(list);
        }
        assert_eq!(found.len(), 74);
        for [address, _, _, _] in &found {
            assert_eq!(address.ends_with(".html"), relative, "{address}");
            let file = if relative { address.clone() } else { format!("{address}index.html") };
            assert!(out.path().join(&file).is_file(), "{file}");
        }
        let [_, title, day, text] = found.iter().find(|[address, ..]| address.starts_with("one/")).expect("a post");
        assert_eq!([title, day, text], ["一", "2020-01-01", "第一段。 第二段。"]);
    }
}

#[test]
fn a_formula_that_is_not_set_is_told_where_it_stands() {
    let smallest = Smallest::of("jekyll");
    let source = smallest.with_files([&*smallest.post("title: A\n", "One.\n\nTwo $$x$$ and $$\\nonsense{y}$$.")]);
    let outcome = convert(source.path(), "html", Theme::Starter);
    let told = outcome.ledger.entries().iter().filter(|entry| entry.code == Code::FormulaUnset);
    let told: Vec<_> =
        told.map(|entry| (entry.place.to_string(), entry.quote.as_deref().unwrap_or("").to_owned())).collect();
    assert_eq!(told, [("_posts/2020-01-02-p0.md:7:17".to_owned(), "\\nonsense{y}".to_owned())]);
}

#[test]
fn what_a_target_does_not_do_by_itself_is_told_and_prepared() {
    let source = tempfile::tempdir().expect("a folder");
    write(
        source.path(),
        &[
            ("_config.yml", "title: T\nmathjax: true\ngiscus: {repo: tide/notes, category: }\n"),
            ("source/_posts/a.md", "---\ntitle: A\ndate: 2020-01-01\n---\n$x_1 < y$\n"),
        ],
    );
    for (target, config, scripts) in [
        ("hugo", Some("hugo.toml"), "layouts/_partials/katex.html"),
        ("zola", Some("config.toml"), "templates/katex.html"),
        ("html", None, ""),
    ] {
        let outcome = convert(source.path(), target, Theme::Starter);
        let told = outcome.ledger.entries().iter().filter(|entry| entry.code == Code::FormulasAsTex);
        let told: Vec<_> = told.map(|entry| entry.place.file.to_string()).collect();
        assert_eq!(told, config.iter().map(|config| (*config).to_owned()).collect::<Vec<_>>(), "{target}");
        let Some(config) = config else { continue };
        let text = |path: &str| {
            let file = outcome.plan.files().iter().find(|file| &*file.path == path).expect("the file");
            String::from_utf8(outcome.plan.bytes(file).expect("its content")).expect("UTF-8")
        };
        for part in ["load = false\ndollars = true", "comments.giscus]\nrepo = \"tide/notes\"\n"] {
            assert!(text(config).contains(part), "{part} in {}", text(config));
        }
        assert!(text(scripts).contains("katex.min.js"));
    }
    // nobody is asked for a script before the author says so
    every_target(source.path(), |site, target| {
        let page = shown(site, "/2020/01/01/a/", target);
        assert!(!page.contains("katex"), "{target}: {page}");
    });
}

#[test]
fn beginnings_hold_no_formula_in_a_line_of_its_own_and_all_else() {
    let blog = |settings: &str, post: &str, text: &str| {
        let source = tempfile::tempdir().expect("a folder");
        let post = format!("---\ntitle: A\ndate: 2020-01-01\n{post}---\n{text}");
        write(source.path(), &[("_config.yml", settings), ("source/_posts/a.md", &post)]);
        source
    };
    // without formulas dollars are dollars
    every_target(blog("title: T\ntheme: false\n", "", "One $$ two.\n").path(), |site, target| {
        assert!(shown(site, "/", target).contains("One $$ two."), "{target}");
    });
    let text = "One.\n\n$$\n\\frac{a}{b}\n$$\n\nThree.\n";
    for (settings, post) in [("title: T\nmathjax: true\n", ""), ("title: T\ntheme: false\n", "mathjax: true\n")] {
        let source = blog(settings, post, text);
        every_target(source.path(), |site, target| {
            let home = shown(site, "/", target);
            assert!(!home.contains("frac") && home.contains("Three."), "{target}: {home}");
        });
        // a post that turns formulas on for itself has them as well
        for target in ["hugo", "zola"] {
            let outcome = convert(source.path(), target, Theme::None);
            let told = outcome.ledger.entries().iter().filter(|entry| entry.code == Code::FormulasAsTex);
            assert_eq!(told.count(), 1, "{target}");
        }
    }
}

#[test]
fn a_text_that_is_too_large_is_told_and_the_others_arrive() {
    let smallest = Smallest::of("hexo");
    let posts = [smallest.post("title: A\n", "Small."), smallest.post("title: B\n", &"long ".repeat(1000))];
    let source = smallest.with_files(posts.iter().map(Vec::as_slice));
    for (limit, posts) in [("2K", 1), ("20K", 2)] {
        let out = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(env!("CARGO_BIN_EXE_postferry"));
        command.args(["convert", "--to", "html", "--format", "json", "--max-file-size", limit, "-o"]);
        let ran = command.args([out.path(), source.path()]).output().expect("ran");
        let said: serde_json::Value = serde_json::from_slice(&ran.stdout).expect("JSON");
        assert_eq!(said["counts"]["posts"], posts, "{said}");
        let told = said["ledger"].as_array().expect("a list").iter();
        let told: Vec<_> = told.filter(|entry| entry["code"] == "file-failed").collect();
        assert_eq!(told.len(), 2 - posts, "{told:?}");
        assert!(
            told.iter().all(|entry| entry["file"] == "source/_posts/p1.md"
                && entry["message"].as_str().is_some_and(|message| message.contains("--max-file-size"))),
            "{told:?}"
        );
    }
}

#[test]
fn a_configuration_in_another_encoding_is_read_and_told() {
    for generator in ["jekyll", "hexo", "ink"] {
        let smallest = Smallest::of(generator);
        let source = smallest.with_files([&*smallest.post("title: A\n", "Text.")]);
        let title = "这是一个用国标编码写的博客";
        let config = smallest.config.1.replace("title: T", &format!("title: {title}"));
        let (gbk, _, _) = encoding_rs::GBK.encode(&config);
        let utf_16: Vec<u8> = config.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [gbk.into_owned(), utf_16] {
            fs::write(source.path().join(smallest.config.0), bytes).expect("written");
            let outcome = convert(source.path(), "html", Theme::Starter);
            let out = tempfile::tempdir().expect("a folder");
            postferry::plan::apply(&outcome.plan, source.path(), out.path(), crate::OVER).expect("written");
            assert!(shown(out.path(), "/", "html").contains(title), "{generator}");
            let is_told = |entry: &postferry::ledger::Entry| {
                entry.code == Code::EncodingGuessed && *entry.place.file == *smallest.config.0
            };
            assert!(outcome.ledger.entries().iter().any(is_told), "{generator}");
        }
    }
}

#[test]
fn a_blog_takes_the_shape_that_a_theme_asks_for() {
    let source = tempfile::tempdir().expect("a folder");
    write(
        source.path(),
        &[HEXO[0], ("source/_posts/a.md", "---\ntitle: A\ndate: 2020-01-01\ncover: /a.png\ntoc: true\n---\nText.\n")],
    );
    let run = |target: &str, theme: &str, out: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_postferry"));
        command.args(["convert", "--to", target, "--theme", theme, "-o"]).args([out, source.path()]);
        command.output().expect("ran")
    };
    let out = tempfile::tempdir().expect("a folder");
    let ran = run("hugo", "papermod", &out.path().join("h"));
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success() && told.contains("git clone") && told.contains("themes/PaperMod"), "{told}");
    let read = |path: &str| fs::read_to_string(out.path().join(path)).expect(path);
    assert!(
        read("h/hugo.toml").contains("theme = \"PaperMod\"") && read("h/hugo.toml").contains("ShowReadingTime = true")
    );
    let post = read("h/content/posts/a.md");
    assert!(post.contains("[params.cover]\nimage = \"/a.png\"") && post.contains("ShowToc = true"), "{post}");
    assert!(!out.path().join("h/layouts/page.html").exists());
    let ran = run("zola", "serene", &out.path().join("z"));
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(read("z/config.toml").contains("theme = \"serene\""));
    assert!(read("z/content/posts/_index.md").contains("template = \"blog.html\""));
    let refused = run("zola", "papermod", &out.path().join("x"));
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("it is a theme of hugo") && !out.path().join("x").exists()
    );
}

#[test]
fn no_field_runs_in_a_page() {
    let source = tempfile::tempdir().expect("a folder");
    write(source.path(), HEXO);
    every_target(source.path(), |site, target| {
        for address in ["/", "/two/", "/one/", "/three/"] {
            let html = shown(site, address, target);
            for hostile in ["<script>alert", "onerror=alert(1)>", "javascript:alert"] {
                assert!(!html.contains(hostile), "{hostile} at {address} in {target}: {html}");
            }
        }
    });
}
