//! What a visitor of the new site sees around the texts: menus, beginnings, neighbours, labels, and what machines are told.

use std::path::Path;

use crate::builds::page;
use crate::lists::{every_target, write};

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
        let sitemap = std::fs::read_to_string(site.join("sitemap.xml")).expect("a sitemap");
        assert!(sitemap.contains("<loc>https://tea.example/one/</loc><lastmod>2020-01-01</lastmod>"), "{sitemap}");
        let feed = std::fs::read_to_string(site.join("feed.json")).expect("a feed");
        let feed: serde_json::Value = serde_json::from_str(&feed).expect("JSON");
        assert_eq!(feed["items"][2]["url"], "https://tea.example/one/");
        assert!(shown(site, "/404.html", target).contains("找不到页面"));
        let three = shown(site, "/three/", target);
        assert!(three.contains("<span class=\"k\">let</span>"), "{three}");
    });
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
