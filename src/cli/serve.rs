//! `postferry serve`: a finished site on this machine, below its base path.

use std::io::{Read, Seek, SeekFrom, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

use postferry::plan::{Provenance, provenance};
use postferry::serve::{Answer, Piece, Shown, piece};

use super::Ending;
use super::args::ServeArgs;

/// Where to look for a free port first.
const PORT: u16 = 4000;

/// Runs the command, until somebody ends it.
pub fn run(args: &ServeArgs, out: &mut impl Write) -> Result<Ending> {
    let was = provenance(&args.dir).unwrap_or_default();
    let folder = built(&args.dir, &was)?;
    let base_path = base_path(&was.address);
    let shown = Shown::open(&folder, base_path).with_context(|| format!("{} cannot be served", folder.display()))?;
    let listener = listener(args.port)?;
    let port = listener.local_addr()?.port();
    let server = Server::from_listener(listener, None).map_err(|error| anyhow!("no server can be started: {error}"))?;
    writeln!(out, "http://127.0.0.1:{port}{base_path}/")?;
    out.flush()?;
    anstream::eprintln!("Serving {}. Ctrl-C ends it.", folder.display());
    let (server, shown) = (Arc::new(server), Arc::new(shown));
    const WORKERS: usize = 4;
    let workers: Vec<_> = (0..WORKERS)
        .map(|_| {
            let (server, shown) = (server.clone(), shown.clone());
            std::thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    // whoever asked has gone
                    let _ = answer(request, &shown);
                }
            })
        })
        .collect();
    for worker in workers {
        let _ = worker.join();
    }
    Ok(Ending::Fine)
}

/// The folder with the pages: of what a generator still has to build, what it has built.
fn built(dir: &Path, was: &Provenance) -> Result<PathBuf> {
    let build = match was.to.as_str() {
        "hugo" => "hugo",
        "zola" => "zola build",
        _ if dir.is_dir() => return Ok(dir.to_owned()),
        _ => bail!("{}: there is no such folder; name one that convert --to html has written", dir.display()),
    };
    let public = dir.join("public");
    if !public.is_dir() {
        bail!("{}: nothing has been built there yet; run `{build}` in it first", dir.display());
    }
    Ok(public)
}

/// The path of an address: what stands behind its host.
fn base_path(address: &str) -> &str {
    let behind = address.split_once("://").map_or(address, |(_, rest)| &rest[rest.find('/').unwrap_or(rest.len())..]);
    behind.trim_end_matches('/')
}

/// A port of this machine alone: the one that is asked for, or the first that is free.
fn listener(port: Option<u16>) -> Result<TcpListener> {
    let bind = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    match port {
        Some(port) => bind(port).with_context(|| format!("port {port} cannot be had; choose another with --port")),
        None => {
            let free = (PORT..PORT + 100).find_map(|port| bind(port).ok());
            free.map_or_else(|| bind(0).context("no port can be had"), Ok)
        }
    }
}

fn answer(request: Request, shown: &Shown) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(Response::empty(StatusCode(405)));
    }
    match shown.answer(request.url()) {
        Answer::Moved(to) => request.respond(with(Response::empty(StatusCode(301)), "Location", &to)),
        Answer::Nothing(None) => request.respond(Response::from_string("Nothing is here.").with_status_code(404)),
        Answer::Nothing(Some(page)) => {
            let page = Response::from_file(page).with_status_code(404);
            request.respond(with(page, "Content-Type", "text/html; charset=utf-8"))
        }
        Answer::File { mut file, length, kind } => {
            let asked = request.headers().iter().find(|header| header.field.equiv("Range"));
            match piece(asked.map_or("", |header| header.value.as_str()), length) {
                Piece::Beyond => {
                    let none = Response::empty(StatusCode(416));
                    request.respond(with(none, "Content-Range", &format!("bytes */{length}")))
                }
                Piece::Whole => {
                    let whole = with(Response::from_file(file), "Content-Type", &kind);
                    request.respond(with(whole, "Accept-Ranges", "bytes"))
                }
                Piece::Bytes(from, to) => {
                    file.seek(SeekFrom::Start(from))?;
                    let size = usize::try_from(to - from).ok();
                    let piece = Response::new(StatusCode(206), Vec::new(), file.take(to - from), size, None);
                    let piece = with(piece, "Content-Range", &format!("bytes {from}-{}/{length}", to - 1));
                    request.respond(with(piece, "Content-Type", &kind))
                }
            }
        }
    }
}

/// A response with one more header; one that cannot be written is left out.
fn with<R: Read>(response: Response<R>, name: &str, value: &str) -> Response<R> {
    match Header::from_bytes(name, value) {
        Ok(header) => response.with_header(header),
        Err(()) => response,
    }
}

#[cfg(test)]
mod tests {
    use super::base_path;

    #[test]
    fn the_base_path_stands_behind_the_host() {
        for (address, expected) in
            [("https://a.example/blog", "/blog"), ("https://a.example", ""), ("/blog", "/blog"), ("", "")]
        {
            assert_eq!(base_path(address), expected, "{address}");
        }
    }
}
