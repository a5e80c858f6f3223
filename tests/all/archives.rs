//! Blogs out of archives, new sites into archives, and archives that nobody should trust.

#![cfg(unix)]

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tar::{EntryType, Header};

use crate::{FIXTURES, fixture};

const FORMATS: [&str; 5] = ["zip", "tar", "tar.gz", "tar.zst", "tar.xz"];

const POST: &str = "---\ntitle: Post\n---\nText.\n";

fn postferry(arguments: &[&str], paths: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_postferry")).args(arguments).args(paths).output().expect("ran")
}

fn convert(source: &Path, out: &Path, more: &[&str]) -> Output {
    let arguments = [&["convert", "--to", "hugo", "--no-progress"], more].concat();
    postferry(&arguments, &[Path::new("-o"), out, source])
}

fn tell(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn alike(one: &Path, other: &Path) {
    let own = [postferry::plan::MANIFEST, postferry::plan::OWN];
    let compared = Command::new("diff")
        .args(["-r", "-x", own[0], "-x", own[1]])
        .args([one, other])
        .output()
        .expect("diff is there");
    assert!(compared.status.success(), "{}", String::from_utf8_lossy(&compared.stdout));
}

/// Unpacks by another program than postferry.
fn unpack_by_python(archive: &Path, into: &Path) {
    let program = "import shutil, sys, tarfile, zipfile\n\
        a, o = sys.argv[1:]\n\
        if a.endswith('.zst'): import subprocess; subprocess.run(['zstd', '-dqf', a, '-o', a + '.tar'], check=True); a += '.tar'\n\
        (zipfile.ZipFile(a) if a.endswith('.zip') else tarfile.open(a)).extractall(o)\n";
    let ran = Command::new("python3").args(["-c", program]).args([archive, into]).output().expect("python3 is there");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

#[test]
fn a_blog_comes_out_of_every_archive_as_out_of_its_folder() {
    let around = tempfile::tempdir().expect("a folder");
    for name in FIXTURES {
        let plain = around.path().join(format!("plain-{name}"));
        assert!(convert(&fixture(name), &plain, &["-q"]).status.success());
        for format in FORMATS {
            if format == "tar.zst" && Command::new("zstd").arg("-V").output().is_err() {
                continue;
            }
            let archive = around.path().join(format!("{name}.{format}"));
            // out of postferry's own archive of the new site, unpacked by another program …
            assert!(convert(&fixture(name), &archive, &["-q"]).status.success());
            let first = fs::read(&archive).expect("packed");
            let unpacked = around.path().join(format!("{name}-{format}"));
            unpack_by_python(&archive, &unpacked);
            alike(&plain, &unpacked);
            assert!(tell(&convert(&fixture(name), &archive, &["-q"])).contains("there is a file already"));
            assert!(convert(&fixture(name), &archive, &["-q", "--force"]).status.success());
            assert!(fs::read(&archive).expect("packed") == first, "{name} {format}: other bytes");
        }
        // … and out of one with the source
        let tar = around.path().join(format!("{name}-source.tgz"));
        let parent = fixture(name);
        let folder = parent.parent().expect("a folder");
        let packed = Command::new("tar").arg("czf").arg(&tar).arg("-C").arg(folder).arg(name).status();
        assert!(packed.expect("tar is there").success());
        let out = around.path().join(format!("{name}-out"));
        let ran = convert(&tar, &out, &["-q"]);
        assert!(ran.status.success(), "{}", tell(&ran));
        alike(&plain, &out);
    }
}

#[test]
fn a_revision_of_a_repository_is_read_as_it_was() {
    let around = tempfile::tempdir().expect("a folder");
    let [blog, bare, now, then] = ["blog", "bare.git", "now", "then"].map(|name| around.path().join(name));
    let git = |folder: &Path, arguments: &[&str]| {
        let names = ["-c", "user.name=a", "-c", "user.email=a@blog.example", "-c", "init.defaultBranch=main"];
        let ran = Command::new("git").arg("-C").arg(folder).args(names).args(arguments).output().expect("git is there");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    };
    fs::create_dir_all(blog.join("_posts")).expect("made");
    fs::write(blog.join("_config.yml"), "title: Blog\n").expect("written");
    fs::write(blog.join("_posts/2020-01-01-a.md"), POST).expect("written");
    // a filter of the repository would be run by whoever checks its files out
    fs::write(blog.join(".gitattributes"), "*.md filter=evil\n").expect("written");
    git(&blog, &["init", "-q"]);
    git(&blog, &["add", "-A"]);
    git(&blog, &["commit", "-qm", "first"]);
    git(&blog, &["config", "filter.evil.smudge", "touch ../evil; cat"]);
    fs::write(blog.join("_posts/2020-01-01-a.md"), POST.replace("Text.", "Changed.")).expect("written");
    git(&blog, &["commit", "-qam", "second"]);
    git(around.path(), &["clone", "-q", "--bare", "blog", "bare.git"]);
    git(&bare, &["config", "filter.evil.smudge", "touch ../evil; cat"]);
    for (source, rev, out, expected) in [(&bare, None, &now, "Changed."), (&blog, Some("HEAD~1"), &then, "Text.")] {
        let more: Vec<&str> = rev.map(|rev| vec!["-q", "--rev", rev]).unwrap_or(vec!["-q"]);
        let ran = convert(source, out, &more);
        assert!(ran.status.success(), "{}", tell(&ran));
        let text = fs::read_to_string(out.join("content/posts/2020-01-01-a.md")).expect("there");
        assert!(text.contains(expected), "{text}");
    }
    assert!(!around.path().join("evil").exists());
    for rev in ["nowhere", "--output=evil", "HEAD:_config.yml"] {
        let ran = convert(&blog, &around.path().join("no"), &["-q", &format!("--rev={rev}")]);
        assert_eq!(ran.status.code(), Some(2), "{rev}");
        assert!(tell(&ran).contains("git cannot give"), "{}", tell(&ran));
        assert!(!around.path().join("no").exists());
    }
}

/// One entry of a hostile archive.
struct Entry<'a> {
    name: &'a [u8],
    kind: EntryType,
    link: &'a [u8],
    content: &'a [u8],
}

fn file<'a>(name: &'a [u8], content: &'a [u8]) -> Entry<'a> {
    Entry { name, kind: EntryType::Regular, link: b"", content }
}

fn other<'a>(name: &'a [u8], kind: EntryType, link: &'a [u8]) -> Entry<'a> {
    Entry { name, kind, link, content: b"" }
}

/// A tar file as it is, with names that no good program writes.
fn tar(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for entry in entries {
        let mut header = Header::new_gnu();
        let fields = header.as_gnu_mut().expect("of GNU's form");
        let (name, link) = (entry.name, entry.link);
        fields.name[..name.len().min(100)].copy_from_slice(&name[..name.len().min(100)]);
        fields.linkname[..link.len()].copy_from_slice(link);
        header.set_entry_type(entry.kind);
        header.set_mode(0o644);
        header.set_size(entry.content.len() as u64);
        header.set_mtime(1_600_000_000);
        header.set_cksum();
        out.extend(header.as_bytes());
        out.extend(entry.content);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.extend([0; 1024]);
    out
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).expect("begun");
        archive.write_all(content).expect("written");
    }
    archive.finish().expect("ended").into_inner()
}

/// Every file of a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
    walk.filter(|entry| !entry.file_type().is_dir()).map(walkdir::DirEntry::into_path).collect()
}

/// Unpacks a blog with hostile entries in front of it, and looks around afterwards.
fn attacked(archive: &[u8], name: &str, more: &[&str]) -> (i32, String) {
    let around = tempfile::tempdir().expect("a folder");
    let inner = around.path().join("a/b/c");
    fs::create_dir_all(inner.join("tmp")).expect("made");
    let path = inner.join(name);
    fs::write(&path, archive).expect("written");
    fs::write(around.path().join("victim"), "mine").expect("written");
    let out = inner.join("out");
    let ran = Command::new(env!("CARGO_BIN_EXE_postferry"))
        .args(["convert", "--to", "hugo", "--no-progress", "-v", "-o"])
        .arg(&out)
        .arg(&path)
        .args(more)
        .env("TMPDIR", inner.join("tmp"))
        .current_dir(&inner)
        .output()
        .expect("ran");
    assert_eq!(fs::read_to_string(around.path().join("victim")).expect("there"), "mine");
    let outside: Vec<PathBuf> = files(around.path()).into_iter().filter(|file| !file.starts_with(&out)).collect();
    assert_eq!(outside, [path, around.path().join("victim")], "{}", tell(&ran));
    for file in files(&out) {
        assert!(!fs::read_to_string(&file).unwrap_or_default().contains("mine"), "{}", file.display());
    }
    (ran.status.code().expect("it ended by itself"), tell(&ran))
}

fn with_blog<'a>(hostile: Vec<Entry<'a>>) -> Vec<u8> {
    let blog = [file(b"_config.yml", b"title: Blog\n"), file(b"_posts/2020-01-01-a.md", POST.as_bytes())];
    tar(&hostile.into_iter().chain(blog).collect::<Vec<_>>())
}

#[test]
fn hostile_entries_are_refused_and_the_rest_is_converted() {
    let (link, hard) = (EntryType::Symlink, EntryType::Link);
    let long = [b'x'; 99];
    let deep = b"a/".repeat(49);
    let cases: Vec<(&str, Vec<Entry<'_>>)> = vec![
        ("leads out", vec![file(b"../../victim", b"x")]),
        ("leads out", vec![file(b"a/../../victim", b"x")]),
        ("leads out", vec![file(b"./../x", b"x")]),
        ("leads out", vec![file(b"..", b"x")]),
        ("absolute", vec![file(b"/tmp/victim-of-postferry", b"x")]),
        ("absolute", vec![file(b"C:/victim", b"x")]),
        ("absolute", vec![file(b"//server/victim", b"x")]),
        ("not UTF-8", vec![file(b"\xff\xfe.md", b"x")]),
        ("leads out", vec![other(b"link", link, b"../../../victim")]),
        ("leads out", vec![other(b"link", link, b"/etc/passwd")]),
        ("leads out", vec![other(b"a/link", link, b"../../victim")]),
        ("leads out", vec![other(b"link", link, b".."), file(b"link/victim", b"x")]),
        ("not there", vec![other(b"hard", hard, b"nothing")]),
        ("leads out", vec![other(b"hard", hard, b"../../../victim")]),
        ("absolute", vec![other(b"hard", hard, b"/etc/passwd")]),
        ("a device", vec![other(b"null", EntryType::Char, b"")]),
        ("a device", vec![other(b"disk", EntryType::Block, b"")]),
        ("a named pipe", vec![other(b"_posts/2020-01-02-b.md", EntryType::Fifo, b"")]),
        ("does not know", vec![other(b"odd", EntryType::new(b'Q'), b"")]),
        ("came before", vec![file(b"a.md", b"1"), file(b"a.md", b"2")]),
        ("came before", vec![file(b"a.md", b"1"), file(b"./a.md", b"2"), file(b"b/../b", b"x")]),
        ("no folder", vec![file(b"a", b"1"), file(b"a/b", b"2")]),
        ("no folder", vec![file(b"a", b"1"), other(b"a/b/", EntryType::Directory, b"")]),
        ("another entry is", vec![other(b"a", EntryType::Directory, b""), file(b"b/c", b"1"), file(b"b", b"2")]),
        ("", vec![file(&long, b"x")]),
        ("", vec![file(&deep, b"x")]),
        ("", vec![other(b"link", link, b"_posts"), other(b"loop", link, b"loop")]),
        ("", vec![other(b"up", link, b"."), file(b"up/up/up/x", b"x")]),
        ("", vec![file(b"", b"x"), file(b".", b""), file(b"./", b"")]),
        ("", vec![file(b"inner.zip", &[0; 64])]),
        ("", vec![file(b"a\nb", b"x"), file(b"\x1b[31m", b"x"), file(b"-rf", b"x")]),
    ];
    for (at, (why, entries)) in cases.into_iter().enumerate() {
        let (code, told) = attacked(&with_blog(entries), "blog.tar", &[]);
        assert_eq!(code, 0, "case {at} ({why}): {told}");
        assert!(told.contains("1 post,") || told.contains("1 post\n"), "case {at} ({why}): {told}");
        let refused = told.contains("archive-entry-refused");
        assert_eq!(refused, !why.is_empty(), "case {at} ({why}): {told}");
        assert!(told.contains(why), "case {at} ({why}): {told}");
    }
    let blog: [(&str, &[u8]); 2] = [("b/_config.yml", b"title: Blog\n"), ("b/_posts/2020-01-01-a.md", POST.as_bytes())];
    for (why, name) in
        [("leads out", "../../victim"), ("absolute", "/x"), ("leads out", "..\\..\\victim"), ("absolute", "C:\\x")]
    {
        let entries: Vec<(&str, &[u8])> = blog.into_iter().chain([(name, &b"x"[..])]).collect();
        let (code, told) = attacked(&zip(&entries), "blog.zip", &[]);
        assert_eq!(code, 0, "{name}: {told}");
        assert!(told.contains(why) && (told.contains("1 post,") || told.contains("1 post\n")), "{name}: {told}");
    }
}

#[test]
fn what_becomes_too_large_is_not_unpacked() {
    let zeros = vec![0; 3 << 20];
    let bomb: Vec<Entry<'_>> = vec![file(b"a.bin", &zeros), file(b"b.bin", &zeros)];
    let (code, told) = attacked(&with_blog(bomb), "blog.tar", &["--max-unpacked", "4M"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("b.bin") && told.contains("--max-unpacked") && !told.contains("a.bin: Loss"), "{told}");
}

#[test]
fn a_broken_archive_is_told_and_nothing_is_written() {
    let whole = with_blog(vec![file(b"a.bin", &[7; 5000])]);
    let gz = {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(&whole).expect("packed");
        packer.finish().expect("packed")
    };
    let zipped = zip(&[("_config.yml", b"title: Blog\n"), ("_posts/2020-01-01-a.md", POST.as_bytes())]);
    let mut torn = zipped.clone();
    let second = torn.windows(4).rposition(|bytes| bytes == b"PK\x03\x04").expect("a second entry");
    torn[second - 2] ^= 0xff;
    let mut locked = zipped.clone();
    // the mark of an encrypted entry, in its own head and in the list at the end
    let list = locked.windows(4).position(|bytes| bytes == b"PK\x01\x02").expect("a list");
    (locked[6], locked[list + 8]) = (1, 1);
    let cases: [(&str, &str, &[u8]); 9] = [
        ("no folder", "blog.txt", b"just a text"),
        ("no folder", "blog.zip", b""),
        ("damaged", "blog.tar", &whole[..1500]),
        ("damaged", "blog.tar.gz", &gz[..gz.len() / 2]),
        ("damaged", "blog.tar.gz", b"\x1f\x8bnothing"),
        ("damaged", "blog.tar.xz", b"\xfd7zXZ\0nothing"),
        ("damaged", "blog.tar.zst", b"\x28\xb5\x2f\xfdnothing"),
        ("damaged", "blog.zip", &zipped[..zipped.len() / 2]),
        ("password", "blog.zip", &locked),
    ];
    for (why, name, bytes) in cases {
        let (code, told) = attacked(bytes, name, &[]);
        assert_eq!(code, 2, "{name}: {told}");
        assert!(told.contains(why), "{name}: {told}");
    }
    let (code, told) = attacked(&torn, "blog.zip", &[]);
    assert!(code == 2 && told.contains("damaged"), "{told}");
}

#[test]
fn what_is_cut_off_at_its_end_is_damaged() {
    let whole = with_blog(vec![file(b"a.bin", &[7; 5000])]);
    let packed = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(bytes).expect("packed");
        packer.finish().expect("packed")
    };
    let (gz, zst) = (packed(&whole), zstd::encode_all(&whole[..], 0).expect("packed"));
    let mut wrong = gz.clone();
    let sum = wrong.len() - 8;
    wrong[sum] ^= 0xff;
    let cases: [(&str, &[u8]); 6] = [
        // behind an entry, where the next one or the mark at the end would be
        ("blog.tar", &whole[..whole.len() - 1024]),
        ("blog.tar", &whole[..whole.len() - 2048]),
        ("blog.tar.gz", &wrong),
        ("blog.tar.gz", &gz[..gz.len() - 8]),
        ("blog.tar.gz", &gz[..gz.len() - 1]),
        ("blog.tar.zst", &zst[..zst.len() - 1]),
    ];
    for (at, (name, bytes)) in cases.into_iter().enumerate() {
        let (code, told) = attacked(bytes, name, &[]);
        assert!(code == 2 && told.contains("damaged"), "case {at}: {code} {told}");
    }
    let two = [&whole[..], &tar(&[file(b"b.md", b"x")])].concat();
    let (code, told) = attacked(&two, "blog.tar", &[]);
    assert!(code == 0 && told.contains("more stands behind the mark at the end"), "{told}");
}

#[test]
fn names_beyond_measure_are_not_kept() {
    let name = vec![b'x'; 70_000];
    for kind in [EntryType::GNULongName, EntryType::GNULongLink, EntryType::XHeader] {
        let ahead = Entry { name: b"long", kind, link: b"", content: &name };
        let (code, told) = attacked(&with_blog(vec![ahead, file(b"a", b"x")]), "blog.tar", &[]);
        assert!(code == 2 && told.contains("takes 70000 bytes"), "{told}");
    }
}

#[test]
fn of_two_entries_of_one_name_in_a_zip_file_one_is_told() {
    let mut twice = zip(&[
        ("_config.yml", b"title: Blog\n"),
        ("_posts/2020-01-01-a.md", POST.as_bytes()),
        ("_posts/2020-01-01-b.md", POST.as_bytes()),
    ]);
    // the name stands before the content and in the list
    while let Some(at) = twice.windows(5).position(|bytes| bytes == b"-b.md") {
        twice[at + 1] = b'a';
    }
    let (code, told) = attacked(&twice, "blog.zip", &[]);
    assert!(code == 0 && told.contains("one entry has the name of a later one"), "{told}");
}

#[cfg(unix)]
#[test]
fn links_that_multiply_come_to_an_end() {
    let names: Vec<(String, String)> = (0..40).map(|at| (format!("d{at}"), format!("../d{}", at + 1))).collect();
    let mut maze = Vec::new();
    for (folder, next) in &names {
        maze.push((format!("{folder}/a"), next));
        maze.push((format!("{folder}/b"), next));
    }
    let mut entries: Vec<Entry<'_>> =
        maze.iter().map(|(name, next)| other(name.as_bytes(), EntryType::Symlink, next.as_bytes())).collect();
    entries.push(file(b"d40/x.txt", b"x"));
    let (code, told) = attacked(&with_blog(entries), "blog.tar", &[]);
    assert!(code == 0 && told.contains("behind too many others"), "{told}");
}

#[test]
fn the_archive_that_is_converted_is_not_written_over() {
    let around = tempfile::tempdir().expect("a folder");
    let blog = around.path().join("blog.tar");
    let bytes = with_blog(Vec::new());
    fs::write(&blog, &bytes).expect("written");
    let other = around.path().join("other.tar");
    fs::hard_link(&blog, &other).expect("linked");
    for out in [blog.clone(), around.path().join(".").join("blog.tar"), other] {
        let ran = convert(&blog, &out, &["-q", "--force"]);
        assert_eq!(ran.status.code(), Some(2), "{}", tell(&ran));
        assert!(tell(&ran).contains("not written over"), "{}", tell(&ran));
        assert_eq!(fs::read(&blog).expect("there"), bytes);
    }
}

#[test]
fn the_environment_leads_to_no_other_repository() {
    let around = tempfile::tempdir().expect("a folder");
    let git = |folder: &Path, arguments: &[&str]| {
        let names = ["-c", "user.name=a", "-c", "user.email=a@blog.example", "-c", "init.defaultBranch=main"];
        let ran = Command::new("git").arg("-C").arg(folder).args(names).args(arguments).output().expect("git is there");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    };
    for (name, text) in [("mine", "Mine."), ("theirs", "Theirs.")] {
        let blog = around.path().join(name);
        fs::create_dir_all(blog.join("_posts")).expect("made");
        fs::write(blog.join("_config.yml"), "title: Blog\n").expect("written");
        fs::write(blog.join("_posts/2020-01-01-a.md"), POST.replace("Text.", text)).expect("written");
        git(&blog, &["init", "-q"]);
        git(&blog, &["add", "-A"]);
        git(&blog, &["commit", "-qm", "first"]);
    }
    let out = around.path().join("out");
    let ran = Command::new(env!("CARGO_BIN_EXE_postferry"))
        .args(["convert", "--to", "hugo", "-q", "--rev", "HEAD", "-o"])
        .args([&out, &around.path().join("mine")])
        .env("GIT_DIR", around.path().join("theirs/.git"))
        .output()
        .expect("ran");
    assert!(ran.status.success(), "{}", tell(&ran));
    assert!(fs::read_to_string(out.join("content/posts/2020-01-01-a.md")).expect("there").contains("Mine."));
}
