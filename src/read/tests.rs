use std::path::Path;

use super::*;

/// A source with what was found in each of its files.
fn read(reader: &dyn Reader, root: &Path) -> (Source, Vec<Found>) {
    let mut ledger = Ledger::default();
    let source = reader.open(&detect::open(root).unwrap(), &ReadOptions::default(), &mut ledger).unwrap();
    let found = source.files.iter().map(|file| source.documents.look(&source.site, file, &mut ledger)).collect();
    (source, found)
}

fn documents(found: Vec<Found>) -> Vec<Document> {
    let document = |found| match found {
        Found::Document(document) => Some(*document),
        _ => None,
    };
    found.into_iter().filter_map(document).collect()
}

fn rereads_every_document_of(reader: &dyn Reader, root: &Path) -> usize {
    let (source, found) = read(reader, root);
    let documents = documents(found);
    for document in &documents {
        let file = SiteFile::of(document.source.clone());
        let Found::Document(again) = source.documents.look(&source.site, &file, &mut Ledger::default()) else {
            panic!("{} is no document any more", document.source);
        };
        assert_eq!((&again.body, &again.fields), (&document.body, &document.fields), "{}", document.source);
    }
    documents.len()
}

#[test]
fn every_document_of_the_fixtures_reads_the_same_a_second_time() {
    for reader in READERS {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(reader.name());
        assert!(rereads_every_document_of(*reader, &root) > 2, "{}", reader.name());
    }
}

#[test]
fn odd_files_read_the_same_a_second_time() {
    const FILES: &[(&str, &[u8])] = &[
        ("crlf", b"\xef\xbb\xbf---\r\ntitle: a\r\n---\r\nb\r\rc\r\n"),
        ("gbk", b"---\ntitle: \xc4\xe3\xba\xc3\n---\n\xd5\xe2\xca\xc7\xd2\xbb\xc6\xaa\xba\xdc\xc0\xcf\n"),
        ("utf16", b"\xff\xfe-\0-\0-\0\n\0-\0-\0-\0\n\0a\0"),
        ("broken", b"---\ntitle: [a\n  b: \"\n---\ntext\n"),
        ("bare", b"no fields\n"),
        ("empty", b""),
    ];
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.yml"), "site:\n").unwrap();
    for place in ["_posts", "source/_posts"] {
        std::fs::create_dir_all(folder.path().join(place)).unwrap();
        for (name, bytes) in FILES {
            std::fs::write(folder.path().join(place).join(format!("2020-01-02-{name}.md")), bytes).unwrap();
            std::fs::write(folder.path().join(place).join(format!("2020-01-02-{name}.html")), bytes).unwrap();
        }
    }
    // an export is taken apart first
    for reader in READERS.iter().filter(|reader| reader.name() != "wordpress") {
        assert!(rereads_every_document_of(*reader, folder.path()) >= FILES.len(), "{}", reader.name());
    }
}

#[test]
fn a_file_in_two_posts_folders_is_the_first_posts() {
    let folder = tempfile::tempdir().unwrap();
    let posts = folder.path().join("source/_posts");
    std::fs::create_dir_all(posts.join("trip/day")).unwrap();
    std::fs::write(folder.path().join("_config.yml"), "post_asset_folder: true\npermalink: :title.html\n").unwrap();
    std::fs::write(posts.join("trip.md"), "---\ntitle: a\n---\n").unwrap();
    std::fs::write(posts.join("trip/day.md"), "---\ntitle: b\n---\n").unwrap();
    for file in ["trip/day/a.png", "trip/b.png", "stray.png"] {
        std::fs::write(posts.join(file), "pixels").unwrap();
    }
    let (Source { site, .. }, found) = read(&hexo::Hexo, folder.path());
    let held: Vec<_> = found
        .iter()
        .filter_map(|found| match found {
            Found::Held(path) => Some(path.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(held.len(), 3);
    let mapping = crate::mapping::Mapping::of_source("hexo", &[]).unwrap();
    let mut ledger = Ledger::default();
    let posts: Vec<Post> = documents(found)
        .into_iter()
        .map(|document| mapping.normalize(document, &site, &hexo::Hexo, &mut ledger).0)
        .collect();
    let mut ledger = Ledger::default();
    let assets = hexo::Hexo.held_assets(held, &posts, &mut ledger);
    let addresses: Vec<&str> = assets.iter().map(|asset| &*asset.address).collect();
    assert_eq!(addresses, ["/trip/b.png", "/trip/day/a.png"]);
    assert_eq!(&*ledger.entries()[0].place.file, "source/_posts/stray.png");
}

#[test]
fn jekylls_folders_lie_below_its_source_whatever_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("_config.yml", "source: ./src/\nincludes_dir: ../parts\ndata_dir: /facts/\n");
    write("src/facts/names.yml", "- a\n");
    write("src/index.md", "---\n---\ntext\n");
    let (Source { site, .. }, found) = read(&jekyll::Jekyll, folder.path());
    assert_eq!(site.includes, ["src/parts"]);
    assert_eq!(site.data.get("names"), Some(&Value::List(vec![Value::String("a".to_owned())])));
    assert_eq!(&*documents(found)[0].source, "src/index.md");
}
