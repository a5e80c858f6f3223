//! A new site as one archive: the same bytes each time.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, Write};
use std::path::Path;

use rayon::prelude::*;
use tempfile::NamedTempFile;

use super::{ArchiveError, Format};
use crate::plan::{self, Action, Changes, Content, Failure, Plan, Step};
use crate::reason;

/// Packs every file of a plan, in the order of their paths. The archive appears under its name when it is whole.
///
/// # Errors
/// [`ArchiveError`] where it cannot be written; single files that cannot be made are in the result.
pub fn pack(
    plan: &Plan<'_>,
    (source, path): (&Path, &Path),
    format: Format,
    force: bool,
) -> Result<Changes, ArchiveError> {
    let fails = |error| ArchiveError::Pack { path: path.to_owned(), error };
    if is_one_file(source, path) {
        return Err(ArchiveError::IsSource(path.to_owned()));
    }
    if path.exists() && !force {
        return Err(ArchiveError::Exists(path.to_owned()));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = tempfile::Builder::new().prefix(".postferry-").tempfile_in(folder).map_err(fails)?;
    let changes = write(plan, &beside, format).map_err(fails)?;
    readable(beside.as_file()).map_err(fails)?;
    // on the disk before it takes the place of another file
    beside.as_file().sync_all().map_err(fails)?;
    beside.persist(path).map_err(|error| fails(error.error))?;
    Ok(changes)
}

/// Whether two paths name one file, be it by links.
fn is_one_file(a: &Path, b: &Path) -> bool {
    let (Ok(a), Ok(b)) = (a.canonicalize(), b.canonicalize()) else { return false };
    a == b || has_two_names(&a, &b)
}

#[cfg(unix)]
fn has_two_names(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let name = |path: &Path| path.metadata().ok().map(|file| (file.dev(), file.ino()));
    name(a).is_some_and(|a| Some(a) == name(b))
}

#[cfg(not(unix))]
fn has_two_names(_: &Path, _: &Path) -> bool {
    false
}

/// What [`pack`] would do; nothing is written.
pub fn rehearse(plan: &Plan<'_>) -> Changes {
    let mut changes = Changes::default();
    // nobody writes, so that nothing fails
    let _ = each(plan, &mut changes, |_, _, _| Ok(()));
    changes
}

/// A temporary file is for its owner alone; an archive is as readable as any file that is made.
#[cfg(unix)]
fn readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &File) -> io::Result<()> {
    Ok(())
}

/// One file of the archive.
enum Ready {
    Bytes(Vec<u8>),
    Copy(File, u64),
}

/// A file that is as long as it was when it was opened, whatever is done with it meanwhile.
struct Exactly {
    content: File,
    left: u64,
}

impl Read for Exactly {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let most = bytes.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = self.content.read(&mut bytes[..most])?;
        if read == 0 && most > 0 {
            return Err(io::Error::other("a file of the source became shorter while it was read; try again"));
        }
        self.left -= read as u64;
        Ok(read)
    }
}

fn write(plan: &Plan<'_>, beside: &NamedTempFile, format: Format) -> io::Result<Changes> {
    let file = BufWriter::new(beside.as_file());
    let mut changes = Changes::default();
    match format {
        Format::Zip => {
            let mut archive = zip::ZipWriter::new(file);
            let options = zip::write::SimpleFileOptions::default()
                .compression_method(zip::CompressionMethod::Deflated)
                .last_modified_time(zip::DateTime::default())
                .unix_permissions(0o644);
            each(plan, &mut changes, |path, size, content| {
                archive.start_file(path, options.large_file(size >= u64::from(u32::MAX)))?;
                io::copy(content, &mut archive).map(drop)
            })?;
            archive.finish()?.flush()?;
        }
        packed => {
            let mut archive = tar::Builder::new(packed.writer(file)?);
            each(plan, &mut changes, |path, size, content| {
                let mut header = tar::Header::new_gnu();
                header.set_entry_type(tar::EntryType::Regular);
                header.set_mode(0o644);
                header.set_size(size);
                header.set_mtime(0);
                archive.append_data(&mut header, path, content)
            })?;
            archive.into_inner()?.finish()?;
        }
    }
    Ok(changes)
}

/// Makes the contents by as many workers as there are cores, and writes them in their order.
fn each(
    plan: &Plan<'_>,
    changes: &mut Changes,
    mut write: impl FnMut(&str, u64, &mut dyn Read) -> io::Result<()>,
) -> io::Result<()> {
    const HELD: usize = 64;
    for files in plan.files().chunks(HELD) {
        let ready: Vec<io::Result<Ready>> = files.par_iter().map(|file| ready(plan, file)).collect();
        for (file, ready) in files.iter().zip(ready) {
            let (path, action, bytes) = match ready {
                Ok(Ready::Bytes(bytes)) => {
                    write(&file.path, bytes.len() as u64, &mut &bytes[..])?;
                    (&file.path, Action::Create, bytes.len() as u64)
                }
                Ok(Ready::Copy(content, size)) => {
                    // its length stands in front of it
                    let mut content = Exactly { content, left: size };
                    write(&file.path, size, &mut content)?;
                    (&file.path, Action::Create, size)
                }
                Err(error) => {
                    let message = format!("it cannot be read: {}", reason(&error));
                    changes.failed.push(Failure { path: file.path.clone(), source: file.source.clone(), message });
                    (&file.path, Action::Failed, 0)
                }
            };
            changes.steps.push(Step { path: path.clone(), action, bytes });
        }
    }
    Ok(())
}

fn ready(plan: &Plan<'_>, file: &plan::File) -> io::Result<Ready> {
    let Content::Copy(path) = &file.content else { return plan.bytes(file).map(Ready::Bytes) };
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is no longer a file"));
    }
    let mut file = File::open(path)?;
    let size = file.seek(io::SeekFrom::End(0))?;
    file.rewind()?;
    Ok(Ready::Copy(file, size))
}
