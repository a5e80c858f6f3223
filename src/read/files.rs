//! What readers share of the files of a source: which can be read, and the configuration among them.

use jiff::tz::Offset;

use super::ReadError;
use crate::frontmatter::{self, Flavor, decode};
use crate::ledger::{Code, Ledger};
use crate::model::{Map, Mistake, Moment, Place};
use crate::source::{Bar, Refusal, SiteFile, SourceFolder, beneath};

/// Whether a file of the source can be read. Where it cannot, or goes by another name, the ledger says so.
pub fn admit(file: &SiteFile, ledger: &mut Ledger) -> bool {
    let refused = file.bar.map(|bar| match bar {
        Bar::FileOutside | Bar::FolderOutside => {
            (Code::OutsideSource, "a symbolic link that leads out of the source's folder: nothing was read there")
        }
        Bar::Maze => (Code::FileSkipped, "a symbolic link to a folder behind too many others"),
        Bar::Dangling => (Code::FileSkipped, "a symbolic link that leads to no file"),
        Bar::Special => (Code::FileSkipped, "a named pipe, a socket or a device, which is no file"),
        Bar::Denied => (Code::FileFailed, "may not be read"),
        Bar::Twin => (Code::FileFailed, "its name is not UTF-8, and reads like the name of another file"),
    });
    if let Some((code, message)) = refused {
        ledger.add(code, Place::file(file.path.clone()), message);
    } else if file.is_lossy {
        let message = "its name is not UTF-8: its broken bytes became U+FFFD";
        ledger.add(Code::AddressChanged, Place::file(file.path.clone()), message);
    }
    refused.is_none()
}

/// What a file holds; `None` where it cannot be read any more, which is an entry in the ledger.
pub fn bytes(folder: &SourceFolder, file: &SiteFile, ledger: &mut Ledger) -> Option<Vec<u8>> {
    folder.bytes(&file.path).map_err(|refusal| refuse(&file.path, &refusal, ledger)).ok()
}

/// The text of a file, as [`bytes`].
pub fn text(folder: &SourceFolder, file: &SiteFile, ledger: &mut Ledger) -> Option<String> {
    folder.text(&file.path).map_err(|refusal| refuse(&file.path, &refusal, ledger)).ok()
}

fn refuse(path: &str, refusal: &Refusal, ledger: &mut Ledger) {
    let code = match refusal {
        Refusal::LeadsOut => Code::OutsideSource,
        _ => Code::FileFailed,
    };
    ledger.add(code, Place::file(path), refusal.to_string());
}

/// When a file was last written, in whole seconds; what posts without a date are dated by.
pub fn modified(folder: &SourceFolder, path: &str) -> Option<Moment> {
    let seconds = jiff::Timestamp::try_from(folder.modified(path)?).ok()?.as_second();
    Some(Moment { instant: jiff::Timestamp::from_second(seconds).ok()?, offset: Offset::UTC })
}

/// A site's configuration as it was typed.
pub struct ConfigFile {
    /// The file, below the source's folder.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl ConfigFile {
    /// The first of several that is there.
    ///
    /// # Errors
    /// [`ReadError::ConfigRefused`] where one is there and cannot be read, or lies outside the source.
    pub fn first(folder: &SourceFolder, names: &[&str], ledger: &mut Ledger) -> Result<Option<Self>, ReadError> {
        for name in names {
            match folder.bytes(name) {
                Ok(bytes) => {
                    let text = decode(&bytes, name, folder.encoding(), ledger);
                    return Ok(Some(ConfigFile { name: (*name).to_owned(), text }));
                }
                Err(Refusal::Missing) => {}
                Err(refusal) => {
                    let path = folder.named().join(name);
                    return Err(ReadError::ConfigRefused { path, refusal });
                }
            }
        }
        Ok(None)
    }

    /// Its YAML.
    ///
    /// # Errors
    /// [`ReadError::WrongConfig`] with the line that is wrong.
    pub fn yaml(&self, flavor: Flavor) -> Result<Map, ReadError> {
        frontmatter::read_map(&self.text, flavor).map_err(|error| self.error(error.line, error.column, error.message))
    }

    /// What is wrong at a place of it.
    pub fn error(&self, line: u32, column: u32, message: String) -> ReadError {
        let quote = self.text.lines().nth(line.saturating_sub(1) as usize).unwrap_or_default().to_owned();
        ReadError::WrongConfig(Mistake { place: Place::at(self.name.as_str(), line, column), message, quote })
    }
}

/// What a line of a configuration says of a key, for a glance before it is read.
pub fn glance<'a>(config: &'a str, key: &str) -> Option<&'a str> {
    let said = config.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    let said = said.split(" #").next().unwrap_or(said).trim();
    Some(said.trim_matches(['"', '\'']))
}

/// The folder that a setting names, in its plainest form.
///
/// # Errors
/// [`ReadError::WrongConfig`] where it is not there, or leads out of the source: a blog without its content would come out
/// empty and nobody would be told.
pub fn named_folder(
    folder: &SourceFolder,
    config: Option<&ConfigFile>,
    (key, value): (&str, &str),
) -> Result<String, ReadError> {
    let wrong = match beneath(value) {
        Ok(path) => match folder.find(&path) {
            Ok(real) if real.is_dir() => return Ok(path),
            Ok(_) => "is no folder".to_owned(),
            Err(refusal) => refusal.to_string(),
        },
        Err(Refusal::LeadsOut) => "leads out of the folder to convert; convert the one above both".to_owned(),
        Err(refusal) => refusal.to_string(),
    };
    let place = config.and_then(|config| Some((config, frontmatter::place_of_key(&config.text, key)?)));
    Err(match place {
        Some((config, (line, column))) => {
            config.error(line, column, format!("`{key}` names the folder {value}, which {wrong}"))
        }
        None => ReadError::NoContent { path: folder.named().join(value), wrong },
    })
}
