//! A patch of what is no text, as git writes it (`emit_binary_diff` in `diff.c`, `base85.c`).

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// Writes both contents whole: the new one, and the old one for whoever goes back.
pub fn write(old: &[u8], new: &[u8], out: &mut Vec<u8>) {
    out.extend(b"GIT binary patch\n");
    for content in [new, old] {
        literal(content, out);
        out.push(b'\n');
    }
}

fn literal(content: &[u8], out: &mut Vec<u8>) {
    /// A line holds so many bytes.
    const LINE: usize = 52;
    out.extend(format!("literal {}\n", content.len()).into_bytes());
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    // nothing fails in memory
    let packed = packed.write_all(content).and_then(|()| packed.finish()).unwrap_or_default();
    for line in packed.chunks(LINE) {
        // the length as a letter: A to Z for 1 to 26, a to z for 27 to 52
        let length = line.len() as u8;
        out.push(if length <= 26 { b'A' + length - 1 } else { b'a' + length - 27 });
        base85(line, out);
        out.push(b'\n');
    }
}

/// Four bytes as five digits, the highest first; the last ones filled up with zeros.
fn base85(bytes: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 85] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
    for four in bytes.chunks(4) {
        let mut word = [0; 4];
        word[..four.len()].copy_from_slice(four);
        let mut value = u32::from_be_bytes(word);
        let mut digits = [0; 5];
        for digit in digits.iter_mut().rev() {
            *digit = DIGITS[(value % 85) as usize];
            value /= 85;
        }
        out.extend(digits);
    }
}
