//! The smallest blog of each generator, for tests that bring posts of their own.

use std::fs;
use std::path::Path;

/// What makes a folder a generator's blog, and where its posts are.
pub struct Smallest {
    /// The configuration: its file and what stands in it.
    pub config: (&'static str, &'static str),
    /// What the path of a post begins with; a name follows.
    pub posts: &'static str,
    /// How a post begins; fields follow, then `---`.
    pub head: &'static str,
}

impl Smallest {
    /// The one of a generator.
    pub fn of(generator: &str) -> Self {
        const SITE: &str = "title: T\nurl: https://t.example\n";
        match generator {
            "jekyll" => Smallest { config: ("_config.yml", SITE), posts: "_posts/2020-01-02-", head: "---\n" },
            "hexo" => {
                Smallest { config: ("_config.yml", SITE), posts: "source/_posts/", head: "---\ndate: 2020-01-02\n" }
            }
            "hugo" => Smallest {
                config: (
                    "hugo.toml",
                    "title = \"T\"\nbaseURL = \"https://t.example\"\nenableEmoji = true\n\
                     [markup.goldmark.extensions.passthrough]\nenable = true\n",
                ),
                posts: "content/posts/",
                head: "---\ndate: 2020-01-02\n",
            },
            "zola" => Smallest {
                config: (
                    "config.toml",
                    "title = \"T\"\nbase_url = \"https://t.example\"\n[markdown]\nsmart_punctuation = true\n\
                     render_emoji = true\ndefinition_list = true\n",
                ),
                posts: "content/posts/",
                head: "---\ndate: 2020-01-02\n",
            },
            _ => Smallest {
                config: (
                    "config.yml",
                    "site:\n    title: T\n    url: https://t.example\n    theme: theme\nauthors:\n    a:\n        name: A\n",
                ),
                posts: "source/",
                head: "date: 2020-01-02 10:00:00 +0800\n",
            },
        }
    }

    /// A folder with such a blog, and these files as its posts, byte for byte.
    pub fn with_files<'a>(&self, files: impl IntoIterator<Item = &'a [u8]>) -> tempfile::TempDir {
        let root = tempfile::tempdir().expect("a folder");
        let write = |path: &Path, bytes: &[u8]| {
            fs::create_dir_all(path.parent().expect("a folder")).expect("created");
            fs::write(path, bytes).expect("written");
        };
        write(&root.path().join(self.config.0), self.config.1.as_bytes());
        for (number, bytes) in files.into_iter().enumerate() {
            write(&root.path().join(format!("{}p{number}.md", self.posts)), bytes);
        }
        root
    }

    /// The file of a post with these fields and this body.
    pub fn post(&self, fields: &str, body: &str) -> Vec<u8> {
        format!("{}{fields}---\n\n{body}\n", self.head).into_bytes()
    }
}
