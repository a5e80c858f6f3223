//! Blogs out of texts that were torn up and put together again: whatever comes of it, no run ends by itself.
//!
//! `POSTFERRY_FUZZ=N` tries N blogs instead of a few; `POSTFERRY_FUZZ_SEED=S` begins with another one. What fails is
//! printed with its seed, and the post that it was.

use std::fs;
use std::io::{Cursor, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use postferry::archive::Limits;
use postferry::frontmatter::{Flavor, decode, read_map, read_value};
use postferry::ledger::Ledger;
use postferry::mapping::{Mapping, UserFile};
use postferry::write::Theme;
use walkdir::WalkDir;

use crate::smallest::Smallest;
use crate::{OF_TEXTS, convert, fixture};

/// So many blogs are tried where nobody asks for more.
const USUAL: u64 = 24;

/// So many posts a blog has.
const POSTS: u64 = 24;

/// What some parser on the way takes for its own, beside what the texts have: the dictionary of `fuzz/`.
fn pieces() -> Vec<Vec<u8>> {
    let dictionary = include_str!("../../fuzz/marks.dict");
    let quoted = dictionary.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    let byte = |(at, part): (usize, &str)| match at {
        0 => part.as_bytes().to_vec(),
        _ => {
            let (digits, rest) = part.split_at(2);
            [&[u8::from_str_radix(digits, 16).expect("two digits")], rest.as_bytes()].concat()
        }
    };
    quoted.map(|piece| piece.split("\\x").enumerate().flat_map(byte).collect()).collect()
}

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut roll = self.0;
        roll = (roll ^ (roll >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        roll = (roll ^ (roll >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        roll ^ (roll >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.roll() % end.max(1) as u64) as usize
    }

    fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }
}

/// The texts of all fixtures.
fn texts() -> Vec<Vec<u8>> {
    let files = OF_TEXTS.map(fixture).into_iter().flat_map(WalkDir::new).flatten();
    let is_text =
        |path: &Path| path.extension().is_some_and(|end| ["md", "markdown", "html"].iter().any(|text| end == *text));
    files.filter(|entry| is_text(entry.path())).map(|entry| fs::read(entry.path()).expect("a text")).collect()
}

/// One of some texts, torn up and put together again.
fn torn(dice: &mut Dice, texts: &[Vec<u8>], pieces: &[Vec<u8>]) -> Vec<u8> {
    let mut post = dice.one(texts).clone();
    for _ in 0..=dice.below(12) {
        let at = dice.below(post.len() + 1);
        match dice.below(6) {
            0 => {
                let to = (at + dice.below(60)).min(post.len());
                post.drain(at..to);
            }
            1 => {
                let other = dice.one(texts);
                let from = dice.below(other.len());
                let to = (from + dice.below(200)).min(other.len());
                post.splice(at..at, other[from..to].iter().copied());
            }
            2 => {
                let piece = dice.one(pieces).repeat(1 + dice.below(60));
                post.splice(at..at, piece);
            }
            3 if !post.is_empty() => {
                let from = dice.below(post.len());
                let to = (from + dice.below(80)).min(post.len());
                let piece = post[from..to].repeat(1 + dice.below(8));
                post.splice(at..at, piece);
            }
            4 if at < post.len() => post[at] = dice.roll() as u8,
            _ => {
                let pieces: Vec<u8> = (0..dice.below(12)).flat_map(|_| dice.one(pieces).clone()).collect();
                post.splice(at..at, pieces);
            }
        }
    }
    post
}

/// A blog of a generator with these posts. Markdown within HTML is read, for there is more to get wrong.
fn blog(generator: &str, posts: &[Vec<u8>]) -> tempfile::TempDir {
    let mut smallest = Smallest::of(generator);
    if generator == "jekyll" {
        smallest.config.1 = "title: T\nurl: https://t.example\nkramdown: {parse_block_html: true}\n";
    }
    smallest.with_files(posts.iter().map(Vec::as_slice))
}

/// How long a blog takes to be converted, everything made; `None` where that panics.
fn tried(generator: &str, target: &str, posts: &[Vec<u8>]) -> Option<Duration> {
    let folder = blog(generator, posts);
    let begun = Instant::now();
    // of a blog whose posts all are none there is nothing to convert
    let run = || drop(convert(folder.path(), target, Theme::Starter));
    catch_unwind(AssertUnwindSafe(run)).ok().map(|()| begun.elapsed())
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn no_text_ends_a_run() {
    const SLOW: Duration = Duration::from_secs(20);
    let (texts, pieces) = (texts(), pieces());
    let (asked, first) = (number("POSTFERRY_FUZZ"), number("POSTFERRY_FUZZ_SEED").unwrap_or(1));
    for seed in first..first + asked.unwrap_or(USUAL) {
        let mut dice = Dice(seed);
        let (generator, target) = (*dice.one(&OF_TEXTS), *dice.one(&["hugo", "zola", "html"]));
        // one that every generator takes, so that there is a blog at all
        let mut posts = vec![b"---\ntitle: T\ndate: 2020-01-01 10:00:00\n---\nText.\n".to_vec()];
        posts.extend((0..POSTS).map(|_| torn(&mut dice, &texts, &pieces)));
        if asked.is_some() {
            eprintln!("seed {seed}: {generator} to {target}");
        }
        let whole = tried(generator, target, &posts);
        if whole.is_some_and(|needed| needed < SLOW || asked.is_none()) {
            continue;
        }
        for post in &posts[1..] {
            let alone = tried(generator, target, &[posts[0].clone(), post.clone()]);
            if alone.is_none_or(|needed| needed > SLOW) {
                let shown = String::from_utf8_lossy(post);
                panic!("seed {seed}, {generator} to {target}, {alone:?}:\n{shown:?}");
            }
        }
        assert!(whole.is_some(), "seed {seed}, {generator} to {target}: all of its posts together");
    }
}

/// Tries what reads bytes or text by itself on torn ones; what panics is printed.
fn nothing_ends(name: &str, whole: &[Vec<u8>], read: impl Fn(&[u8])) {
    let (asked, first) = (number("POSTFERRY_FUZZ"), number("POSTFERRY_FUZZ_SEED").unwrap_or(1));
    let pieces = pieces();
    for seed in first..first + asked.unwrap_or(USUAL) * POSTS {
        let bytes = torn(&mut Dice(seed), whole, &pieces);
        let ended = catch_unwind(AssertUnwindSafe(|| read(&bytes))).is_err();
        assert!(!ended, "{name}, seed {seed}: {:?}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn no_front_matter_and_no_configuration_ends_a_reader() {
    let mut whole = texts();
    whole.extend(
        ["jekyll/_config.yml", "hexo/_config.yml", "ink/config.yml"].map(|file| fs::read(fixture(file)).expect("read")),
    );
    for flavor in [Flavor::Jekyll, Flavor::Hexo, Flavor::Ink] {
        nothing_ends("YAML", &whole, |bytes| {
            let text = decode(bytes, "x", None, &mut Ledger::default());
            let _ = read_map(&text, flavor);
            let _ = read_value(text.split("---").nth(1).unwrap_or(&text), flavor);
        });
    }
}

#[test]
fn no_mapping_file_and_no_project_ends_a_reader() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("mappings");
    let files = WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let mut whole: Vec<Vec<u8>> = files.map(|entry| fs::read(entry.path()).expect("read")).collect();
    whole.push(
        b"source = \"a\"\nto = \"hugo\"\n[[document]]\npaths = [\"a/*.md\"]\n[document.fields]\nx = 1\n".to_vec(),
    );
    nothing_ends("TOML", &whole, |bytes| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let _ = postferry::project::Project::parse(&text, Path::new("postferry.toml"));
        let file = UserFile { name: "x.toml".to_owned(), text };
        let _ = postferry::mapping::check(&file);
        for generator in OF_TEXTS {
            let _ = Mapping::of_source(generator, std::slice::from_ref(&file));
        }
    });
}

#[test]
fn no_archive_ends_a_reader() {
    let (mut tar, mut zip) = (tar::Builder::new(Vec::new()), zip::ZipWriter::new(Cursor::new(Vec::new())));
    for entry in WalkDir::new(fixture("ink")).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        let name = entry.path().strip_prefix(fixture("ink")).expect("below").to_string_lossy().into_owned();
        tar.append_path_with_name(entry.path(), &name).expect("added");
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("begun");
        zip.write_all(&fs::read(entry.path()).expect("read")).expect("added");
    }
    let tar = tar.into_inner().expect("made");
    let packed = {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(&tar).expect("packed");
        packer.finish().expect("packed")
    };
    let zip = zip.finish().expect("made").into_inner();
    let folder = tempfile::tempdir().expect("a folder");
    for (end, whole) in [("tar", tar), ("tar.gz", packed), ("zip", zip)] {
        let path = folder.path().join(format!("x.{end}"));
        nothing_ends(end, &[whole], |bytes| {
            fs::write(&path, bytes).expect("written");
            let _ = postferry::archive::unpack(&path, Limits { bytes: 64 << 20, entries: 10_000 });
        });
    }
}
