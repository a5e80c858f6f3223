use super::*;
use crate::convert::{Job, plan, read_and_map};
use crate::write::WRITERS;

/// A site at an address.
pub(super) fn site(link: &str) -> Site {
    let folder = tempfile::tempdir().expect("a folder");
    let source = SourceFolder::open(folder.path()).expect("a source");
    let head = Head { link: link.to_owned(), ..Head::default() };
    super::site(&source, &head, &ReadOptions::default())
}

const FIXTURE: &str = "fixtures/wordpress";

fn job(source: &str, target: &str) -> Job {
    let writer = WRITERS.iter().copied().find(|writer| writer.name() == target).expect("a target");
    Job::new(source, writer)
}

#[test]
fn items_are_what_they_were() {
    let mapped = read_and_map(&job(FIXTURE, "hugo")).expect("a blog");
    let told: Vec<String> = mapped
        .posts
        .iter()
        .map(|post| {
            let date = post.date.map(Moment::rfc3339).unwrap_or_default();
            format!("{} {} {date}{}", post.source, post.address, if post.draft { " draft" } else { "" })
        })
        .collect();
    let expected = [
        "_book/the-odyssey.xml /book/the-odyssey/ 2020-05-01T09:00:00+01:00",
        "_posts/4.xml /begun/ 2022-06-01T09:00:00+00:00 draft",
        "_posts/a-classic-text.xml /2020/01/a-classic-text/ 2020-01-02T10:30:00+05:30",
        "_posts/blocks.xml /2021/03/blocks/ 2021-03-01T13:00:00+01:00",
        "_posts/for-the-family.xml /2022/07/for-the-family/ 2022-07-01T09:00:00+01:00 draft",
        "_posts/潮の手帳.xml /2022/05/潮の手帳/ 2022-05-01T09:00:00+09:00",
        "source/about.xml /about/ 2019-12-01T09:00:00+01:00",
        "source/crew.xml /about/crew/ 2019-12-02T09:00:00+01:00",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_post_has_what_its_item_says() {
    let mapped = read_and_map(&job(FIXTURE, "hugo")).expect("a blog");
    let post = mapped.posts.iter().find(|post| post.slug == "a-classic-text").expect("a post");
    assert_eq!(post.title.as_deref(), Some("A classic text & more"));
    assert_eq!(post.categories, [["Boats", "Sails & Oars"].map(Arc::from)]);
    assert_eq!(post.tags, [Arc::from("First Tag")]);
    assert_eq!((post.seldom().pinned, &*post.seldom().aliases), (Some(1), &[Arc::from("/2020/01/an-old-text/")][..]));
    let details = mapped.details(post);
    assert_eq!(details.authors, ["Ada Mole"]);
    assert_eq!(details.cover.as_deref(), Some("https://harbour.example/blog/wp-content/uploads/2020/01/boat.png"));
    let extra: Vec<&str> = details.extra.keys().map(String::as_str).collect();
    assert_eq!(extra, ["mood", "post_format", "feed_id", "comments", "wind"]);
    let comments = details.extra["comments"].as_list().expect("comments");
    let keys: Vec<Vec<&str>> =
        comments.iter().filter_map(Value::as_map).map(|one| one.keys().map(String::as_str).collect()).collect();
    assert_eq!(
        keys,
        [vec!["id", "author", "url", "date", "content"], vec!["id", "author", "date", "content", "parent"]]
    );
}

#[test]
fn entries_name_the_lines_of_the_export() {
    let conversion = plan(&job(FIXTURE, "zola")).expect("a blog");
    conversion.plan.for_each(|_, _| ());
    let outcome = conversion.outcome(&[]);
    let export = std::fs::read_to_string(format!("{FIXTURE}/export.xml")).expect("the fixture");
    let lines: Vec<&str> = export.lines().collect();
    let entries = outcome.ledger.entries();
    let at = |code: Code| {
        entries.iter().filter(move |entry| entry.code == code).map(|entry| lines[entry.place.line as usize - 1].trim())
    };
    assert_eq!(at(Code::StatusChanged).collect::<Vec<_>>(), ["<wp:status><![CDATA[private]]></wp:status>"]);
    assert_eq!(at(Code::PasswordLost).collect::<Vec<_>>(), ["<wp:post_password><![CDATA[secret]]></wp:post_password>"]);
    let unknown: Vec<&str> = at(Code::TagUnknown).collect();
    assert_eq!(
        unknown,
        [
            "[contact-form-7 id=\"5\" title=\"Write\"]",
            "<!-- wp:latest-posts {\"postsToShow\":3} /-->",
            "[weather town=\"Mill\"]"
        ]
    );
    let embedded: Vec<&str> = at(Code::BodyTranslated).filter(|line| line.starts_with("http")).collect();
    assert_eq!(embedded, ["https://www.youtube.com/watch?v=abcdefgh", "https://video.example/7"]);
    // keys of WordPress's own once for all
    let internal = entries.iter().filter(|entry| entry.message.contains("`_edit_last`"));
    assert_eq!(internal.map(|entry| &*entry.place.file).collect::<Vec<_>>(), ["wordpress.xml"]);
}

#[test]
fn lists_stand_where_wordpress_has_them() {
    let mapped = read_and_map(&job(FIXTURE, "hugo")).expect("a blog");
    let addresses: Vec<&str> = mapped.lists.iter().map(|list| list.address.as_str()).collect();
    for expected in [
        "/",
        "/category/boats/",
        "/category/boats/sails-and-oars/",
        "/category/潮/",
        "/category/潮/feed/",
        "/tag/first-tag/",
        "/author/ada/",
        "/author/ben/feed/",
        "/2020/",
        "/2020/01/",
        "/feed/",
        "/comments/feed/",
    ] {
        assert!(addresses.contains(&expected), "{expected}: {addresses:?}");
    }
}

#[test]
fn files_of_the_library_come_along_where_they_are() {
    let mapped = read_and_map(&job(FIXTURE, "hugo")).expect("a blog");
    let assets: Vec<(&str, &str)> = mapped.assets.iter().map(|asset| (&*asset.source, &*asset.address)).collect();
    assert_eq!(
        assets,
        [
            ("wp-content/uploads/2020/01/boat-300x200.png", "/wp-content/uploads/2020/01/boat-300x200.png"),
            ("wp-content/uploads/2020/01/boat.png", "/wp-content/uploads/2020/01/boat.png"),
        ]
    );
}
