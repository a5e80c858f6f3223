//! What archives are packed with.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use crate::wxr;

/// A form of archives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A zip file.
    Zip,
    /// A tar file.
    Tar,
    /// A tar file packed by gzip.
    TarGz,
    /// A tar file packed by zstd.
    TarZst,
    /// A tar file packed by xz.
    TarXz,
    /// An export of WordPress. It holds a blog, and nothing is packed into one.
    Wxr,
}

/// The formats by the ends of names.
const NAMES: [(&str, Format); 8] = [
    (".zip", Format::Zip),
    (".tar", Format::Tar),
    (".tar.gz", Format::TarGz),
    (".tgz", Format::TarGz),
    (".tar.zst", Format::TarZst),
    (".tzst", Format::TarZst),
    (".tar.xz", Format::TarXz),
    (".txz", Format::TarXz),
];

impl Format {
    /// The format that a name asks for.
    pub fn of_name(path: &Path) -> Option<Format> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        NAMES.iter().find(|(end, _)| name.ends_with(end) && name.len() > end.len()).map(|(_, format)| *format)
    }

    /// The name of what an archive holds: its own without the end that names the format.
    pub fn stem(name: &str) -> &str {
        let lower = name.to_ascii_lowercase();
        let ends = NAMES.iter().filter(|(end, _)| lower.ends_with(end) && lower.len() > end.len());
        ends.map(|(end, _)| name.len() - end.len()).min().map_or(name, |end| &name[..end])
    }

    /// The format of a file by its first bytes. A packed file whose content is no tar file is told from one when it is
    /// read.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn of_content(path: &Path) -> io::Result<Option<Format>> {
        let mut head = Vec::new();
        File::open(path)?.take(512).read_to_end(&mut head)?;
        let packed = [
            (&b"PK\x03\x04"[..], Format::Zip),
            (b"PK\x05\x06", Format::Zip),
            (b"\x1f\x8b", Format::TarGz),
            (b"\x28\xb5\x2f\xfd", Format::TarZst),
            (b"\xfd7zXZ\0", Format::TarXz),
        ];
        let found = packed.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, format)| *format);
        // tar has its mark behind the first name; older ones have none, and their name must do
        let is_tar = || head.get(257..262) == Some(b"ustar") || Format::of_name(path) == Some(Format::Tar);
        let known = found.or_else(|| is_tar().then_some(Format::Tar));
        Ok(if known.is_none() && is_export(path)? { Some(Format::Wxr) } else { known })
    }

    /// Reads the tar file in a packed one.
    pub(super) fn reader(self, file: File) -> io::Result<Box<dyn Read>> {
        let file = BufReader::new(file);
        Ok(match self {
            Format::TarGz => Box::new(flate2::bufread::MultiGzDecoder::new(file)),
            Format::TarZst => Box::new(zstd::Decoder::with_buffer(file)?),
            Format::TarXz => Box::new(liblzma::bufread::XzDecoder::new_multi_decoder(file)),
            Format::Tar | Format::Zip | Format::Wxr => Box::new(file),
        })
    }

    /// Packs a tar file as it is written; what is called at its end finishes the file.
    pub(super) fn writer<'w, W: Write + 'w>(self, file: W) -> io::Result<Packer<'w, W>> {
        Ok(match self {
            Format::TarGz => Packer::Gz(flate2::GzBuilder::new().mtime(0).write(file, flate2::Compression::default())),
            Format::TarZst => Packer::Zst(zstd::Encoder::new(file, zstd::DEFAULT_COMPRESSION_LEVEL)?),
            Format::TarXz => Packer::Xz(liblzma::write::XzEncoder::new(file, 6)),
            Format::Tar | Format::Zip | Format::Wxr => Packer::Plain(file, std::marker::PhantomData),
        })
    }
}

/// Whether a file is an export of WordPress, or a piece of one.
///
/// # Errors
/// Where it cannot be read.
pub fn is_export(path: &Path) -> io::Result<bool> {
    let mut head = Vec::new();
    File::open(path)?.take(wxr::HEAD).read_to_end(&mut head)?;
    Ok(wxr::is_export(&head))
}

/// Whether a file is a piece of an export that was taken apart.
///
/// # Errors
/// Where it cannot be read.
pub fn is_taken_apart(path: &Path) -> io::Result<bool> {
    let mut head = Vec::new();
    File::open(path)?.take(64).read_to_end(&mut head)?;
    Ok(wxr::is_marked(&head))
}

/// A file that is packed as it is written.
pub(super) enum Packer<'w, W: Write> {
    Plain(W, std::marker::PhantomData<&'w ()>),
    Gz(flate2::write::GzEncoder<W>),
    Zst(zstd::Encoder<'w, W>),
    Xz(liblzma::write::XzEncoder<W>),
}

impl<W: Write> Packer<'_, W> {
    /// Writes what is still held back.
    pub fn finish(self) -> io::Result<()> {
        match self {
            Packer::Plain(mut file, _) => file.flush(),
            Packer::Gz(packer) => packer.finish()?.flush(),
            Packer::Zst(packer) => packer.finish()?.flush(),
            Packer::Xz(packer) => packer.finish()?.flush(),
        }
    }
}

impl<W: Write> Write for Packer<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Packer::Plain(file, _) => file.write(bytes),
            Packer::Gz(packer) => packer.write(bytes),
            Packer::Zst(packer) => packer.write(bytes),
            Packer::Xz(packer) => packer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Packer::Plain(file, _) => file.flush(),
            Packer::Gz(packer) => packer.flush(),
            Packer::Zst(packer) => packer.flush(),
            Packer::Xz(packer) => packer.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_is_asked_for() {
        let of = |name: &str| Format::of_name(Path::new(name));
        assert_eq!(of("a/blog.tar.gz"), Some(Format::TarGz));
        assert_eq!(of("blog.ZIP"), Some(Format::Zip));
        assert_eq!([of("blog"), of(".zip"), of("blog.gz"), of("a.zip/b")], [None; 4]);
        assert_eq!(["blog.tar.zst", "b.tgz", "b.TAR", "b"].map(Format::stem), ["blog", "b", "b", "b"]);
    }
}
