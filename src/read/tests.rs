use std::path::Path;

use super::*;

fn read(reader: &dyn Reader, root: &Path) -> Source {
    reader.read(root, &ReadOptions::default(), &mut Ledger::default()).unwrap()
}

fn rereads_every_document_of(reader: &dyn Reader, root: &Path) -> usize {
    let Source { site, documents, .. } = read(reader, root);
    for document in &documents {
        let (fields, body) = reader.reread(&site, &document.source).unwrap();
        assert_eq!(body, document.body, "{}", document.source);
        for (name, field) in &fields {
            assert_eq!(document.fields.get(name), Some(field), "{}", document.source);
        }
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
    for place in ["_posts", "source/_posts"] {
        std::fs::create_dir_all(folder.path().join(place)).unwrap();
        for (name, bytes) in FILES {
            std::fs::write(folder.path().join(place).join(format!("2020-01-02-{name}.md")), bytes).unwrap();
            std::fs::write(folder.path().join(place).join(format!("2020-01-02-{name}.html")), bytes).unwrap();
        }
    }
    for reader in READERS {
        assert!(rereads_every_document_of(*reader, folder.path()) >= FILES.len(), "{}", reader.name());
    }
}
