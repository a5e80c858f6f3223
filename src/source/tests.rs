use super::*;

#[test]
fn paths_are_brought_to_their_plainest_form_or_refused() {
    let plain = |path: &str| beneath(path).ok();
    assert_eq!(plain("./a//b/../c/").as_deref(), Some("a/c"));
    assert_eq!(plain(".").as_deref(), Some(""));
    assert_eq!(plain("a/../.."), None);
    assert_eq!(plain("/etc/passwd"), None);
    assert_eq!(joined("_includes/", "/a/b.html"), "_includes/a/b.html");
    assert_eq!(joined("", "/a"), "a");
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    /// A folder `blog` with a file, beside a folder with a secret.
    fn blog() -> (tempfile::TempDir, SourceFolder) {
        let around = tempfile::tempdir().unwrap();
        let blog = around.path().join("blog");
        std::fs::create_dir_all(blog.join("in")).unwrap();
        std::fs::create_dir(around.path().join("beside")).unwrap();
        std::fs::write(around.path().join("beside/secret"), "secret").unwrap();
        std::fs::write(blog.join("in/file"), "text").unwrap();
        let folder = SourceFolder::open(&blog).unwrap();
        (around, folder)
    }

    fn seen(folder: &SourceFolder) -> Vec<(String, Option<Bar>)> {
        folder.files("", |_| true).into_iter().map(|file| (file.path.to_string(), file.bar)).collect()
    }

    #[test]
    fn nothing_is_read_outside_whatever_the_way() {
        let (around, folder) = blog();
        let blog = around.path().join("blog");
        symlink("../beside/secret", blog.join("link")).unwrap();
        symlink(around.path().join("beside"), blog.join("folder")).unwrap();
        let absolute = around.path().join("beside/secret");
        for path in ["../beside/secret", "in/../../beside/secret", "link", "folder/secret", absolute.to_str().unwrap()]
        {
            assert!(matches!(folder.text(path), Err(Refusal::LeadsOut)), "{path}");
        }
        assert!(!folder.has_folder("folder") && folder.modified("link").is_none());
        let barred = [("folder", Some(Bar::FolderOutside)), ("in/file", None), ("link", Some(Bar::FileOutside))];
        assert_eq!(seen(&folder), barred.map(|(path, bar)| (path.to_owned(), bar)));
    }

    #[test]
    fn links_within_the_folder_are_followed() {
        let (around, folder) = blog();
        let blog = around.path().join("blog");
        symlink("in/file", blog.join("a")).unwrap();
        symlink(blog.join("in"), blog.join("b")).unwrap();
        assert_eq!(folder.text("a").unwrap(), "text");
        assert_eq!(folder.text("b/file").unwrap(), "text");
        assert_eq!(seen(&folder), ["a", "b/file", "in/file"].map(|path| (path.to_owned(), None)));
    }

    #[test]
    fn a_folder_that_is_itself_reached_by_a_link_is_read() {
        let (around, _) = blog();
        symlink("blog", around.path().join("current")).unwrap();
        let folder = SourceFolder::open(&around.path().join("current")).unwrap();
        assert_eq!(folder.text("in/file").unwrap(), "text");
        assert_eq!(seen(&folder).len(), 1);
    }

    #[test]
    fn a_link_to_nothing_and_a_link_to_itself_are_barred() {
        let (around, folder) = blog();
        symlink("nowhere", around.path().join("blog/gone")).unwrap();
        symlink(".", around.path().join("blog/loop")).unwrap();
        let barred = [("gone", Some(Bar::Dangling)), ("in/file", None), ("loop", Some(Bar::Dangling))];
        assert_eq!(seen(&folder), barred.map(|(path, bar)| (path.to_owned(), bar)));
    }

    #[test]
    fn a_named_pipe_is_never_opened() {
        let (around, folder) = blog();
        let pipe = around.path().join("blog/pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(matches!(folder.text("pipe"), Err(Refusal::NoFile)));
        assert!(matches!(folder.bytes("in"), Err(Refusal::NoFile)));
        assert_eq!(seen(&folder)[1], ("pipe".to_owned(), Some(Bar::Special)));
    }

    #[test]
    fn names_that_are_not_utf_8_are_found_again_and_two_alike_are_told_apart() {
        let (around, folder) = blog();
        for (name, text) in [(b"\xc4.md", "one"), (b"\xe3.md", "two")] {
            std::fs::write(around.path().join("blog").join(OsStr::from_bytes(name)), text).unwrap();
        }
        let odd = "\u{FFFD}.md".to_owned();
        assert_eq!(folder.text(&odd).unwrap(), "one");
        let barred = [("in/file".to_owned(), None), (odd.clone(), None), (odd, Some(Bar::Twin))];
        assert_eq!(seen(&folder), barred);
    }
}
