use super::*;
use crate::model::{Map, MarkupSettings};

/// A site with pictures 6 and 7, of which the first belongs to post 1, and with the text of block 9.
pub(super) fn site() -> Site {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("config.yml"), "site:\n  title: x\n").expect("written");
    let source = crate::source::SourceFolder::open(folder.path()).expect("a source");
    let opened =
        crate::read::Reader::open(&crate::read::ink::Ink, &source, &Default::default(), &mut Ledger::default());
    let mut site = opened.expect("a site").site;
    let picture = |told: [&str; 3]| Value::List(told.map(Value::from).into());
    let map = |entries: Vec<(&str, Value)>| {
        Value::Map(entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map>())
    };
    site.data = Map::from_iter([
        (
            "attachments".to_owned(),
            map(vec![("6", picture(["/a.png", "An \"A\"", "The boat"])), ("7", picture(["/b.png", "", ""]))]),
        ),
        ("attached".to_owned(), map(vec![("1", Value::List(vec![Value::from("6")]))])),
        ("blocks".to_owned(), map(vec![("9", Value::from("<!-- wp:paragraph --><p>named</p><!-- /wp:paragraph -->"))])),
    ]);
    site.markup = MarkupSettings::default();
    site
}

fn page(text: &str) -> (String, Vec<Told>) {
    Context { id: "1", site: &site() }.page(text)
}

fn told(text: &str) -> Vec<(Code, String)> {
    page(text).1.into_iter().map(|told| (told.code, told.typed)).collect()
}

#[test]
fn pages_are_those_that_wordpress_makes() {
    let (cases, site) = (include_str!("cases.txt"), site());
    let mut wrong = String::new();
    let mut count = 0;
    for case in cases.split("\n######## ").skip(1) {
        count += 1;
        let (title, rest) = case.split_once('\n').expect("a title");
        let (source, expected) = rest.split_once("\n--------\n").expect("what WordPress made of it");
        let found = Context { id: "1", site: &site }.page(source).0;
        if found.trim_end_matches('\n') != expected.trim_end_matches('\n') {
            wrong.push_str(&format!("== {title}\n{source}\n-- expected\n{expected}\n-- found\n{found}\n"));
        }
    }
    assert!(count > 50 && wrong.is_empty(), "{wrong}");
}

#[test]
fn the_beginning_ends_at_its_mark() {
    for (text, expected) in [
        ("a\n\n<!--more-->\n\nb", "<p>a</p>\n<!--more-->\n<p><span id=\"more-1\"></span></p>\n<p>b</p>\n"),
        ("a <!--more Go on--> b", "<p>a \n<!--more-->\n<span id=\"more-1\"></span> b</p>\n"),
        (
            "<!-- wp:paragraph --><p>a</p><!-- /wp:paragraph -->\n\n<!-- wp:more -->\n<!--more-->\n<!-- /wp:more -->",
            "<p>a</p>\n\n\n<!--more-->\n<span id=\"more-1\"></span>\n",
        ),
        // in text as it is there is no line for it
        ("<pre>a\n<!--more--></pre>", "<pre>a\n<span id=\"more-1\"></span></pre>\n"),
        ("<!--more", "<p><!--more\n</p>\n"),
    ] {
        assert_eq!(page(text).0, expected, "{text}");
    }
}

#[test]
fn pages_of_a_text_are_one() {
    let (html, told) = page("a\n<!--nextpage-->\nb\n\n<!-- wp:nextpage -->\n<!--nextpage-->\n<!-- /wp:nextpage -->\nc");
    assert_eq!(html, "<p>a</p>\n<p>b</p>\n<p>c</p>\n");
    assert_eq!(told.len(), 1);
}

#[test]
fn addresses_of_their_own_are_links() {
    for (text, expected, count) in [
        ("https://a.example/?b=c&d", "<p><a href=\"https://a.example/?b=c&d\">https://a.example/?b=c&d</a></p>\n", 1),
        ("a https://a.example/", "<p>a https://a.example/</p>\n", 0),
        (
            "[embed width=\"1\"] https://a.example/ [/embed]",
            "<p><a href=\"https://a.example/\">https://a.example/</a></p>\n",
            1,
        ),
        ("[embed]x[/embed]", "[embed]x[/embed]\n", 0),
        ("<p>https://a.example/</p>", "<p><a href=\"https://a.example/\">https://a.example/</a></p>\n", 1),
        ("<pre>\nhttps://a.example/\n</pre>", "<pre>\nhttps://a.example/\n</pre>\n", 0),
        ("<a\nhttps://a.example/\n>b</a>", "<p><a\nhttps://a.example/\n>b</a></p>\n", 0),
    ] {
        let (html, told) = page(text);
        let links = told.iter().filter(|told| told.code == Code::BodyTranslated).count();
        assert_eq!((&*html, links), (expected, count), "{text}");
    }
}

#[test]
fn code_stays_as_it_was_meant() {
    for (text, expected) in [
        ("[code]a &lt; <b>\n\n[x][/code]", "<pre><code>a &lt; &lt;b&gt;\n\n&#091;x&#093;</code></pre>\n"),
        ("[sourcecode lang='PHP']\na\n[/sourcecode]", "<pre><code class=\"language-php\">a</code></pre>\n"),
        ("[php]$a[/php]", "<pre><code class=\"language-php\">$a</code></pre>\n"),
        ("see [code]", "<p>see [code]</p>\n"),
    ] {
        assert_eq!(page(text).0, expected, "{text}");
    }
}

#[test]
fn galleries_and_players_are_shown() {
    let (html, _) = page("[gallery]\n\n[gallery ids=\"7\" link=\"none\" columns=\"2\"]");
    assert!(
        html.contains("<div id='gallery-1' class='gallery galleryid-1 gallery-columns-3 gallery-size-thumbnail'>"),
        "{html}"
    );
    assert!(html.contains("<a href='/a.png'><img src=\"/a.png\" alt=\"An &quot;A&quot;\" /></a>"), "{html}");
    assert!(html.contains("id='gallery-1-6'>\nThe boat\n</figcaption>"), "{html}");
    assert!(
        html.contains("<div id='gallery-2'") && html.contains("<div class='gallery-icon'>\n<img src=\"/b.png\""),
        "{html}"
    );
    for (text, expected) in [
        ("[audio src=\"a.mp3\"]", "<audio controls=\"controls\" src=\"a.mp3\"><a href=\"a.mp3\">a.mp3</a></audio>\n"),
        (
            "[audio https://a.example/b.mp3]",
            "<audio controls=\"controls\" src=\"https://a.example/b.mp3\"><a href=\"https://a.example/b.mp3\">https://a.example/b.mp3</a></audio>\n",
        ),
        (
            "[video width=\"2\" mp4=\"a.mp4\" loop=\"0\"][/video]",
            "<video controls=\"controls\" src=\"a.mp4\" width=\"2\"><a href=\"a.mp4\">a.mp4</a></video>\n",
        ),
    ] {
        assert_eq!(page(text).0, expected, "{text}");
    }
}

#[test]
fn what_cannot_be_shown_is_told() {
    for (text, expected) in [
        ("[gallery ids=\"99\"]", Some((Code::TagFailed, "[gallery ids=\"99\"]"))),
        ("[audio]", Some((Code::TagFailed, "[audio]"))),
        ("[form id=\"1\"] [form id=\"2\"]", Some((Code::TagUnknown, "[form id=\"1\"]"))),
        ("[box]a[/box]", Some((Code::TagUnknown, "[box]"))),
        ("[contact-form]", Some((Code::TagUnknown, "[contact-form]"))),
        ("<!-- wp:search {\"a\":1} /-->", Some((Code::TagUnknown, "<!-- wp:search {\"a\":1} /-->"))),
        ("<!-- wp:block {\"ref\":8} /-->", Some((Code::TagUnknown, "<!-- wp:block {\"ref\":8} /-->"))),
        ("<!-- wp:block {\"ref\":9} /-->", None),
        ("he said [sic] and [1] [[form id=\"1\"]] <a title=\"[form id=1]\">", None),
    ] {
        let expected: Vec<(Code, String)> =
            expected.into_iter().map(|(code, typed)| (code, typed.to_owned())).collect();
        assert_eq!(told(text), expected, "{text}");
    }
}

/// Shapes that would cost more than linear time if a rule looked too far.
#[test]
fn no_shape_takes_long() {
    use std::time::{Duration, Instant};
    for shape in [
        "[caption ",
        "[caption]",
        "[gallery]",
        "[x y=\"1\"]",
        "[[code]",
        "[code]",
        "<pre",
        "<pre>",
        "</pre>",
        "<pre></pre>\n\n",
        "<!-- ",
        "<!-- wp:a ",
        "<!-- wp:a {",
        "<!-- wp:a {} ",
        "<!-- wp:shortcode -->",
        "<!-- wp:a -->",
        "<script>",
        "<br />",
        " ",
        "\n",
        "\n ",
        "<p>",
        "</p>\n",
        "<li>",
        "<p><li>",
        "<div> ",
        "<",
        "<![CDATA[",
        "https://a.example/\n",
        "<!--more ",
        "<!--nextpage-->",
        "<object>",
        "<source ",
        "<option> ",
        "<figcaption> ",
        "<blockquote>\n",
        "&nbsp;",
        "<p> [caption]",
    ] {
        let text = shape.repeat(20_000);
        let begun = Instant::now();
        let _ = page(&text);
        let _ = page(&format!("<!-- wp:a -->{text}"));
        assert!(begun.elapsed() < Duration::from_secs(20), "{shape}: {:?}", begun.elapsed());
    }
}
