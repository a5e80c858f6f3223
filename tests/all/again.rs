//! Second runs: what one run leaves to the next changes nothing but the time that it takes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use postferry::convert::{Job, Outcome, plan};
use postferry::plan::{MANIFEST, OWN, Options, apply, memory};
use postferry::write::Theme;

use crate::job;

/// How many blogs are changed again and again; more of them on demand.
const BLOGS: u64 = 9;
const CHANGES: usize = 7;

/// Random numbers that are the same each time (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    fn of<'t, T: ?Sized>(&mut self, choices: &[&'t T]) -> &'t T {
        choices[self.below(choices.len())]
    }
}

/// A blog that changes.
struct Changing {
    folder: tempfile::TempDir,
    generator: &'static str,
    random: Random,
    posts: Vec<String>,
    count: usize,
}

impl Changing {
    fn new(generator: &'static str, seed: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut blog = Changing { folder, generator, random: Random(seed * 7919 + 1), posts: Vec::new(), count: 0 };
        blog.configure("Blog");
        match generator {
            "jekyll" => {
                blog.write("_includes/note.html", "<p>Note</p>\n");
                blog.write("_data/people.yml", "- Ann\n- Ben\n");
                blog.write(
                    "index.md",
                    "---\ntitle: Home\n---\n{% for post in site.posts %}* {{ post.title }}\n{% endfor %}",
                );
            }
            "hexo" => blog.write("source/about/index.md", "---\ntitle: About\n---\n{% post_link post-1 %}\n"),
            _ => {}
        }
        blog.write(&blog.below("images/a.png"), "pixels");
        for _ in 0..5 {
            blog.add();
        }
        blog
    }

    fn below(&self, path: &str) -> String {
        match self.generator {
            "jekyll" => path.to_owned(),
            _ => format!("source/{path}"),
        }
    }

    fn configure(&self, title: &str) {
        let (name, text) = match self.generator {
            "jekyll" => ("_config.yml", format!("title: {title}\nurl: https://blog.example\nplugins: [jekyll-feed]\n")),
            "hexo" => ("_config.yml", format!("title: {title}\nurl: https://blog.example\nsource_dir: source\n")),
            _ => (
                "config.yml",
                format!("site:\n  title: {title}\n  url: https://blog.example\nbuild:\n  copy: source/images\n"),
            ),
        };
        self.write(name, &text);
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    fn text(&mut self) -> String {
        let other = self.random.below(self.count + 2);
        let address = match self.generator {
            "jekyll" => format!("/2020/01/{:02}/post-{other}.html", other % 28 + 1),
            "hexo" => format!("/2020/01/{:02}/post-{other}/", other % 28 + 1),
            _ => format!("/post-{other}.html"),
        };
        let looks = match self.generator {
            "jekyll" => ["{% include note.html %}", "{{ site.data.people | join: \", \" }}", "{{ page.title }}"],
            "hexo" => ["{% post_link post-1 %}", "{% quote %}said{% endquote %}", "plain"],
            _ => ["-/images/a.png", "plain", "*marked*"],
        };
        let fragment = self.random.of(&["", "#part", "#nowhere"]);
        let parts = [
            format!("A [link]({address}{fragment}).\n"),
            "![](/images/a.png) and ![](/images/b.png)\n".to_owned(),
            "## Part\n\nText with `code`.\n".to_owned(),
            format!("{}\n", self.random.of(&looks)),
            "<!-- more -->\n\nThe rest.\n".to_owned(),
        ];
        let kept: Vec<&String> = parts.iter().filter(|_| self.random.below(2) == 0).collect();
        kept.into_iter().map(String::as_str).collect::<Vec<_>>().join("\n")
    }

    fn path_of(&self, name: &str) -> String {
        match self.generator {
            "jekyll" => format!("_posts/{name}.md"),
            "hexo" => format!("source/_posts/{}.md", &name[11..]),
            _ => format!("source/{}.md", &name[11..]),
        }
    }

    fn write_post(&mut self, name: &str) {
        let tag = self.random.of(&["one", "two", "three"]);
        let title = self.random.of(&["First", "Second: part", "Third"]);
        let (open, date) = if self.generator == "ink" { ("", " 10:00:00") } else { ("---\n", "") };
        let fields =
            format!("title: \"{title}\"\ndate: {}{date}\ntags: [{tag}]\nodd: {}\n", &name[..10], self.random.below(9));
        let text = self.text();
        self.write(&self.path_of(name), &format!("{open}{fields}---\n{text}"));
    }

    fn add(&mut self) {
        self.count += 1;
        let name = format!("2020-01-{:02}-post-{}", self.count % 28 + 1, self.count);
        self.write_post(&name);
        self.posts.push(name);
    }

    fn change(&mut self) {
        let chosen = self.random.below(self.posts.len());
        let name = self.posts[chosen].clone();
        let path = self.folder.path().join(self.path_of(&name));
        match self.random.below(10) {
            0 => self.add(),
            1 if self.posts.len() > 2 => {
                fs::remove_file(path).expect("removed");
                self.posts.remove(chosen);
            }
            2 => {
                self.count += 1;
                let new = format!("{}-post-{}", &name[..10], self.count);
                fs::rename(path, self.folder.path().join(self.path_of(&new))).expect("renamed");
                self.posts[chosen] = new;
            }
            3 => {
                let title = self.random.of(&["Blog", "Another title"]);
                self.configure(title);
            }
            4 => {
                let file = self.random.of(&["images/a.png", "images/b.png", "images/c d.png"]);
                let pixels = format!("pixels {}", self.random.below(100));
                self.write(&self.below(file), &pixels);
            }
            5 if self.generator == "jekyll" => {
                let file = self.random.of(&["_includes/note.html", "_data/people.yml"]);
                let text = format!("- text {}\n", self.random.below(100));
                self.write(file, &text);
            }
            6 => {
                let text = fs::read_to_string(&path).expect("read");
                fs::write(&path, format!("{text}\nOne more line.\n")).expect("written");
            }
            _ => self.write_post(&name),
        }
    }
}

/// Every file of a folder but what postferry keeps for itself.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn walk(folder: &Path, root: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if entry.file_name() == OWN {
            } else if path.is_dir() {
                walk(&path, root, files);
            } else {
                let bytes = fs::read(&path).expect("read");
                files.insert(path.strip_prefix(root).expect("below").to_owned(), bytes);
            }
        }
    }
    let mut files = BTreeMap::new();
    walk(folder, folder, &mut files);
    files
}

fn run(mut job: Job, out: &Path) -> Outcome {
    job.memory = memory(out);
    let conversion = plan(&job).expect("planned");
    let options = Options { prune: true, ..Options::default() };
    let changes = apply(&conversion.plan, &job.source, out, options).expect("written");
    conversion.outcome(&changes.failed)
}

/// What is told of a conversion.
fn told(outcome: &Outcome) -> String {
    let rows: Vec<String> = outcome.book.rows().iter().map(|row| format!("{row:?}")).collect();
    format!("{:?}\n{:?}\n{}\n{}", outcome.counts, outcome.unused, outcome.ledger.to_text(), rows.join("\n"))
}

#[test]
fn a_run_after_changes_leaves_what_a_first_one_would() {
    let blogs = std::env::var("POSTFERRY_AGAIN").ok().and_then(|count| count.parse().ok()).unwrap_or(BLOGS);
    for seed in 0..blogs {
        let generator = ["jekyll", "hexo", "ink"][(seed % 3) as usize];
        let target = ["hugo", "html", "zola"][(seed / 3 % 3) as usize];
        let mut blog = Changing::new(generator, seed);
        let outs = tempfile::tempdir().expect("a folder");
        let out = outs.path().join("again");
        for step in 0..CHANGES {
            // what has only just been written is not trusted
            std::thread::sleep(Duration::from_millis(70));
            let fresh = outs.path().join(format!("fresh-{step}"));
            let again = run(job(blog.folder.path(), target, Theme::Starter), &out);
            let first = run(job(blog.folder.path(), target, Theme::Starter), &fresh);
            assert_eq!(told(&again), told(&first), "{generator} → {target}, blog {seed}, step {step}");
            let (again, first) = (tree(&out), tree(&fresh));
            for (path, bytes) in &first {
                let found = again.get(path).map(|bytes| String::from_utf8_lossy(bytes));
                let place = format!("{generator} → {target}, blog {seed}, step {step}: {}", path.display());
                assert_eq!(found, Some(String::from_utf8_lossy(bytes)), "{place}");
            }
            assert_eq!(again.len(), first.len(), "{generator} → {target}, blog {seed}, step {step}");
            blog.change();
        }
    }
}

#[test]
fn what_is_kept_can_be_thrown_away_at_any_time() {
    let blog = Changing::new("jekyll", 1);
    let outs = tempfile::tempdir().expect("a folder");
    let (out, fresh) = (outs.path().join("out"), outs.path().join("fresh"));
    std::thread::sleep(Duration::from_millis(70));
    let job = || job(blog.folder.path(), "hugo", Theme::Starter);
    let first = told(&run(job(), &out));
    for name in ["memory", "stamps", "base", "journal", ""] {
        let own = out.join(OWN).join(name);
        fs::remove_file(&own).or_else(|_| fs::remove_dir_all(&own)).expect("removed");
        assert_eq!(told(&run(job(), &out)), first, "without {name:?}");
    }
    for name in ["memory", "stamps", "base", "journal"] {
        fs::write(out.join(OWN).join(name), "\u{1}\u{2}\u{3}nothing that anybody wrote").expect("written");
        assert_eq!(told(&run(job(), &out)), first, "with a broken {name:?}");
    }
    run(job(), &fresh);
    assert_eq!(tree(&out), tree(&fresh));
}

#[test]
fn changes_by_hand_are_merged_with_those_of_the_blog() {
    let blog = tempfile::tempdir().expect("a folder");
    let outs = tempfile::tempdir().expect("a folder");
    let out = outs.path().join("out");
    let write = |lines: &[&str]| {
        fs::create_dir_all(blog.path().join("_posts")).expect("made");
        let text = format!("---\ntitle: A\n---\n{}\n", lines.join("\n\n"));
        fs::write(blog.path().join("_posts/2020-01-01-a.md"), text).expect("written");
    };
    fs::write(blog.path().join("_config.yml"), "title: Blog\n").expect("written");
    write(&["one", "two", "three"]);
    let merge = Options { on_edit: postferry::plan::OnEdit::Merge, ..Options::default() };
    let run = || {
        let mut job = job(blog.path(), "hugo", Theme::None);
        job.memory = memory(&out);
        let conversion = plan(&job).expect("planned");
        apply(&conversion.plan, &job.source, &out, merge).expect("written")
    };
    run();
    let page = out.join("content/posts/2020-01-01-a.md");
    let text = fs::read_to_string(&page).expect("read");
    fs::write(&page, text.replace("one", "one, by hand")).expect("written");
    write(&["one", "two", "three, in the blog"]);
    run();
    let merged = fs::read_to_string(&page).expect("read");
    assert!(merged.ends_with("one, by hand\n\ntwo\n\nthree, in the blog\n"), "{merged}");
    // nothing has changed since
    run();
    assert_eq!(fs::read_to_string(&page).expect("read"), merged);
    write(&["one, in the blog", "two", "three, in the blog"]);
    let changes = run();
    let conflict = changes.steps.iter().find(|step| step.path.ends_with("a.md")).expect("a step");
    assert_eq!(conflict.action, postferry::plan::Action::Conflict);
    let text = fs::read_to_string(&page).expect("read");
    assert!(text.contains("<<<<<<<") && text.contains("one, by hand") && text.contains("one, in the blog"), "{text}");
    assert!(fs::read_to_string(out.join(MANIFEST)).expect("read").contains("\"format\": 2"));
}
