//! `postferry serve`, asked by a client of its own.

#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::fixture;

/// A server that ends with the test.
pub struct Server {
    child: Child,
    pub address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    pub fn of(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_postferry"))
            .arg("serve")
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("its address");
        Server { child, address: line.trim().to_owned() }
    }

    /// The status, the head and the body of an answer.
    fn ask(&self, method: &str, path: &str, more: &str) -> (u16, String, Vec<u8>) {
        let host = self.address.trim_start_matches("http://").split('/').next().expect("a host");
        let mut stream = TcpStream::connect(host).expect("it listens");
        let request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n");
        stream.write_all(request.as_bytes()).expect("asked");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("answered");
        let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        (status, head.to_lowercase(), answer[end + 4..].to_vec())
    }

    fn status(&self, path: &str) -> u16 {
        self.ask("GET", path, "").0
    }
}

fn converted(name: &str, target: &str, out: &Path) {
    let ran = Command::new(env!("CARGO_BIN_EXE_postferry"))
        .args(["convert", "-q", "--to", target, "-o"])
        .args([out, &fixture(name)])
        .status()
        .expect("ran");
    assert!(ran.success());
}

#[test]
fn a_site_is_served_below_its_base_path() {
    let around = tempfile::tempdir().expect("a folder");
    let out = around.path().join("out");
    converted("ink", "html", &out);
    fs::write(around.path().join("secret"), "mine").expect("written");
    std::os::unix::fs::symlink("../secret", out.join("link")).expect("linked");
    let server = Server::of(&out);
    assert!(server.address.ends_with("/zettel/"), "{}", server.address);
    let (status, head, body) = server.ask("GET", "/zettel/", "");
    assert!(status == 200 && head.contains("text/html; charset=utf-8"), "{head}");
    assert!(String::from_utf8_lossy(&body).contains("Der Leuchtturm"));
    assert!(server.ask("GET", "/zettel/css/starter.css", "").1.contains("text/css"));
    for path in ["/", "/zettel"] {
        let (status, head, _) = server.ask("GET", path, "");
        assert!(status == 301 && head.contains("location: /zettel/"), "{path}: {head}");
    }
    // as the common servers do: a name without its extension, and a folder without its slash
    assert_eq!(server.status("/zettel/impressum"), 200);
    let (status, head, _) = server.ask("GET", "/zettel/categories?x=1", "");
    assert!(status == 301 && head.contains("location: /zettel/categories/?x=1"), "{head}");
    let (status, _, body) = server.ask("GET", "/zettel/nothing", "");
    assert!(status == 404 && String::from_utf8_lossy(&body).contains("Seite nicht gefunden"));
    for path in ["/zettel/link", "/zettel/../secret", "/zettel/%2e%2e/secret", "/zettel/.postferry.json", "/secret"] {
        let (status, _, body) = server.ask("GET", path, "");
        assert!(status == 404 && !body.ends_with(b"mine"), "{path}: {status}");
    }
    assert_eq!(server.ask("POST", "/zettel/", "").0, 405);
    let (status, head, body) = server.ask("HEAD", "/zettel/", "");
    assert!(status == 200 && body.is_empty() && head.contains("content-length"), "{head}");
    let (status, head, body) = server.ask("GET", "/zettel/css/starter.css", "Range: bytes=3-6\r\n");
    assert!(status == 206 && head.contains("content-range: bytes 3-6/") && body.len() == 4, "{status} {head}");
    assert_eq!(server.ask("GET", "/zettel/css/starter.css", "Range: bytes=9999999-\r\n").0, 416);
}

#[test]
fn what_is_not_built_yet_is_not_served() {
    let around = tempfile::tempdir().expect("a folder");
    let out = around.path().join("out");
    converted("ink", "hugo", &out);
    for (folder, told) in [(&out, "run `hugo` in it first"), (&around.path().join("no"), "there is no such folder")] {
        let ran = Command::new(env!("CARGO_BIN_EXE_postferry")).arg("serve").arg(folder).output().expect("ran");
        assert_eq!(ran.status.code(), Some(2));
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(said.contains(told), "{said}");
    }
}
