//! What the theme and the renderer that a blog names do to its texts.

use std::fs;

use postferry::ledger::Code;
use postferry::write::Theme;

use crate::{Converted, convert, job};

fn blog(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("created");
        fs::write(path, text).expect("written");
    }
    folder
}

fn carried(outcome: &Converted, path: &str) -> String {
    let file = outcome.plan.files().iter().find(|file| &*file.path == path).expect("the file");
    String::from_utf8(outcome.plan.bytes(file).expect("its content")).expect("UTF-8")
}

#[test]
fn chirpy_finds_pictures_in_the_folder_that_a_post_names() {
    let blog = blog(&[
        ("_config.yml", "theme: jekyll-theme-chirpy\nbaseurl: /log\n"),
        ("assets/boats/a b.png", "x"),
        ("assets/boats/red.png", "x"),
        ("assets/cover.png", "x"),
        (
            "_posts/2021-01-02-boats.md",
            "---\nmedia_subpath: /assets/boats\nimage: {path: red.png}\n---\n![red](red.png) and ![elsewhere](https://a.example/b.png)\n\n<img src=\"red.png\">\n",
        ),
        (
            "_posts/2021-01-03-plain.md",
            "---\ntitle: Plain\n---\n![c](assets/cover.png)\n\n{% include embed/youtube.html id='abc' %}\n",
        ),
    ]);
    let outcome = convert(blog.path(), "hugo", Theme::None);
    let boats = carried(&outcome, "content/posts/2021-01-02-boats.md");
    assert!(boats.contains("![red](/log/assets/boats/red.png) and ![elsewhere](https://a.example/b.png)"), "{boats}");
    assert!(boats.contains("<img src=\"/log/assets/boats/red.png\">"), "{boats}");
    assert!(boats.contains("images = [\"/log/assets/boats/red.png\"]"), "{boats}");
    let plain = carried(&outcome, "content/posts/2021-01-03-plain.md");
    assert!(plain.contains("![c](/log/assets/cover.png)"), "{plain}");
    assert!(plain.contains("https://www.youtube.com/embed/abc"), "{plain}");
    let told = outcome.ledger.entries().iter().any(|entry| {
        entry.code == Code::BodyTranslated && entry.message.contains("the theme's own file embed/youtube.html")
    });
    assert!(told, "an include that is not there is told");
}

#[test]
fn minimal_mistakes_has_files_to_include() {
    let blog = blog(&[
        ("_config.yml", "remote_theme: mmistakes/minimal-mistakes@4.26.2\n"),
        ("assets/a.jpg", "x"),
        (
            "_posts/2021-01-02-a.md",
            "---\ngallery:\n  - {image_path: /assets/a.jpg, alt: one}\n---\n{% include figure image_path=\"/assets/a.jpg\" alt=\"x\" caption=\"*so*\" %}\n\n{% include gallery caption=\"all\" %}\n\n{% include video id=\"7\" provider=\"vimeo\" %}\n",
        ),
    ]);
    let outcome = convert(blog.path(), "html", Theme::None);
    let page = carried(&outcome, "2021/01/02/a.html");
    for part in [
        "<img src=\"/assets/a.jpg\" alt=\"x\"",
        "<figcaption><em>so</em></figcaption>",
        "<img src=\"/assets/a.jpg\" alt=\"one\"",
        "https://player.vimeo.com/video/7?dnt=true",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}

#[test]
fn a_tag_means_what_the_theme_makes_of_it() {
    let post = "---\ntitle: T\n---\n{% btn https://a.example, Go there %}\n";
    let shown = |theme: &str| {
        let blog = blog(&[("_config.yml", &format!("theme: {theme}\n")), ("source/_posts/a.md", post)]);
        carried(&convert(blog.path(), "hugo", Theme::None), "content/posts/a.md")
    };
    assert!(
        shown("butterfly").contains("<a class=\"btn\" href=\"https://a.example\">Go there</a>"),
        "{}",
        shown("butterfly")
    );
}

#[test]
fn a_renderer_that_is_only_approximated_is_told_once() {
    let post = "---\ntitle: T\n---\none\ntwo, and [nothing](/nowhere/)\n";
    for (files, place, line) in [
        (
            &[
                ("_config.yml", "title: T\nmarkdown: rdiscount\n"),
                ("_posts/2020-01-01-a.md", post),
                ("_posts/2020-01-02-b.md", post),
            ][..],
            "_config.yml",
            2,
        ),
        (
            &[
                ("_config.yml", "theme: false\nmarkdown: {render: {breaks: false}, plugins: [markdown-it-emoji]}\n"),
                ("package.json", "{\n  \"dependencies\": {\n    \"hexo-renderer-markdown-it\": \"7\"\n  }\n}\n"),
                ("source/_posts/a.md", post),
                ("source/_posts/b.md", post),
            ],
            "package.json",
            3,
        ),
    ] {
        let folder = blog(files);
        let outcome = convert(folder.path(), "zola", Theme::None);
        let of = |code: Code| outcome.ledger.entries().iter().filter(move |entry| entry.code == code);
        let told: Vec<_> =
            of(Code::DialectUnsupported).map(|entry| (entry.place.file.to_string(), entry.place.line)).collect();
        assert_eq!(told, [(place.to_owned(), line)]);
        // what such a renderer made of a page is not surely known
        assert_eq!((of(Code::LinkDeadBefore).count(), of(Code::LinkUnknown).count()), (0, 2), "{place}");
        let page = if place == "package.json" { "content/posts/a.md" } else { "content/posts/2020-01-01-a.md" };
        assert!(carried(&outcome, page).contains("one\ntwo"), "no breaks where the settings have none");
    }
}

#[test]
fn markdown_it_is_read_by_its_own_rules() {
    let post = "---\ntitle: T\n---\n## A  b\n\n**粗「体」**后 ~one~ and c.com\n$$ x $$ {: .y}\n";
    let page = |files: &[(&str, &str)], path: &str| {
        let folder = blog(files);
        let outcome = convert(folder.path(), "html", Theme::None);
        let unsupported = outcome.ledger.entries().iter().filter(|entry| entry.code == Code::DialectUnsupported);
        assert_eq!(unsupported.count(), 0);
        carried(&outcome, path)
    };
    let package = "{\"dependencies\": {\"hexo-renderer-markdown-it\": \"7\"}}\n";
    let hexo = page(
        &[
            ("_config.yml", "theme: false\npermalink: :title/\n"),
            ("package.json", package),
            ("source/_posts/a.md", post),
        ],
        "a/index.html",
    );
    // no emphasis ends between punctuation and a letter; line ends are breaks, and domains are links
    for part in ["**粗「体」**后", "~one~", "<a href=\"http://c.com\">c.com</a><br />", "<h2 id=\"A-b\">", "$$ x $$"]
    {
        assert!(hexo.contains(part), "{part}: {hexo}");
    }
}

#[test]
fn the_renderer_can_be_named() {
    let post = "---\ntitle: T\n---\n\"see\" http://a.example/b, <b>c</b> ~~d~~\n{: .e}\n";
    let settings = "markdown: CommonMark\ncommonmark:\n  options: [SMART, unsafe]\n  extensions: [autolink]\n";
    let folder = blog(&[("_config.yml", settings), ("_posts/2020-01-01-a.md", post)]);
    let shown = |renderer: Option<&str>| {
        let mut job = job(folder.path(), "html", Theme::None);
        job.options.renderer = renderer.map(str::to_owned);
        let outcome = super::carried(&job);
        let told = outcome.ledger.entries().iter().filter(|entry| entry.code == Code::DialectUnsupported);
        (told.count(), carried(&outcome, "2020/01/01/a.html"))
    };
    let (told, page) = shown(None);
    assert!(told == 1 && page.contains("“see” http://a.example/b, <b>c</b> <del>d</del>"), "{page}");
    let (told, page) = shown(Some("commonmark"));
    let read = "“see” <a href=\"http://a.example/b\">http://a.example/b</a>, <b>c</b> ~~d~~\n{: .e}";
    assert!(told == 0 && page.contains(read), "{page}");
}
