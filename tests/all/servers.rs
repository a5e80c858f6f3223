//! Redirects on the real servers: every old address that the new site leaves to its host is asked for.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use postferry::address::{Answer, encoded};
use postferry::convert::Outcome;
use postferry::plan::apply;
use postferry::write::Theme;

use crate::builds::generator;
use crate::{OVER, convert, fixture};

#[test]
fn nginx_redirects() {
    let Some(nginx) = generator("nginx") else { return };
    asks_every_address(|folder, site, base, port| {
        let config = folder.join("nginx.conf");
        let (folder, site) = (folder.display(), site.display());
        let root = if running_as_root() { "user root;" } else { "" };
        let text = format!(
            "{root} daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors;\n\
             events {{}}\n\
             http {{\n  access_log off;\n  client_body_temp_path {folder}/1; proxy_temp_path {folder}/2;\n  \
             fastcgi_temp_path {folder}/3; uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;\n  \
             server {{ listen 127.0.0.1:{port}; absolute_redirect off;\n    include {site}/redirects.nginx.conf;\n    \
             location {base}/ {{ alias {site}/; }}\n  }}\n}}\n"
        );
        std::fs::write(&config, text).expect("written");
        Command::new(&nginx).arg("-e").arg(format!("{folder}/errors")).arg("-c").arg(config).spawn().expect("starts")
    });
}

#[test]
fn apache_redirects() {
    let Some(apache) = generator("apache2") else { return };
    let modules = apache.with_file_name("").parent().expect("above").join("apache2-modules");
    asks_every_address(|folder, site, base, port| {
        let config = folder.join("apache.conf");
        let load: String = ["mpm_event", "authz_core", "alias", "dir", "rewrite"]
            .iter()
            .map(|name| format!("LoadModule {name}_module {}/mod_{name}.so\n", modules.display()))
            .collect();
        let user = if running_as_root() { "User nobody\nGroup nogroup\n" } else { "" };
        let (folder, site) = (folder.display(), site.display());
        let text = format!(
            "{load}{user}ServerName localhost\nListen 127.0.0.1:{port}\nPidFile {folder}/pid\nErrorLog {folder}/errors\n\
             DefaultRuntimeDir {folder}\nDocumentRoot {folder}\nAlias {base} {site}\n\
             <Directory {site}>\n  AllowOverride All\n  Require all granted\n  DirectoryIndex index.html\n</Directory>\n"
        );
        std::fs::write(&config, text).expect("written");
        // one process, which ends with its test
        Command::new(&apache).arg("-X").arg("-f").arg(config).spawn().expect("starts")
    });
}

/// Serves the converted fixture and asks for every old address.
fn asks_every_address(start: impl Fn(&Path, &Path, &str, u16) -> Child) {
    let folder = tempfile::tempdir().expect("a folder");
    readable(folder.path());
    let source = fixture("jekyll");
    let outcome = convert(&source, "html", Theme::Starter);
    let site = folder.path().join("site");
    apply(&outcome.plan, &source, &site, OVER).expect("written");
    let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
    let mut server = Server(start(folder.path(), &site, &outcome.site.base_path, port));
    server.wait_until_it_listens(port, folder.path());
    let wrong = wrong_answers(&outcome, port);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn wrong_answers(outcome: &Outcome, port: u16) -> Vec<String> {
    let base = &outcome.site.base_path;
    let mut wrong = Vec::new();
    let mut redirected = 0;
    for row in outcome.book.rows() {
        let (status, location) = ask(port, &format!("{base}{}", encoded(&row.old)));
        let expected = row.new.as_deref().map(|new| format!("{base}{}", encoded(new))).unwrap_or_default();
        let right = match row.answer {
            Answer::Redirect => {
                redirected += 1;
                // Apache adds its own host
                status == 301 && location.ends_with(&expected)
            }
            // a folder without its slash is sent to the folder
            Answer::Same | Answer::Alias => matches!(status, 200 | 301),
            Answer::Gone => true,
        };
        if !right {
            wrong.push(format!("{} ({:?}): {status} {location}, expected {expected}", row.old, row.answer));
        }
    }
    assert!(redirected >= 5, "the fixture leaves addresses to its host");
    wrong
}

/// The status and the `Location` of an answer.
fn ask(port: u16, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("asked");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("answered");
    let text = String::from_utf8_lossy(&answer);
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let location = text.lines().find_map(|line| line.strip_prefix("Location: ")).unwrap_or("").to_owned();
    (status, location)
}

/// A server that ends with its test.
struct Server(Child);

impl Server {
    fn wait_until_it_listens(&mut self, port: u16, folder: &Path) {
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let errors = || std::fs::read_to_string(folder.join("errors")).unwrap_or_default();
            assert!(self.0.try_wait().expect("known").is_none(), "the server ended: {}", errors());
            assert!(start.elapsed() < Duration::from_secs(20), "the server does not listen: {}", errors());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn running_as_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

/// Servers read as another user.
fn readable(folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).expect("set");
    }
}
