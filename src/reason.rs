//! What the system says of a failure, in words alone.

use std::io;

/// Without the number that the system has for it: nobody looks that up.
pub fn reason(error: &io::Error) -> String {
    let said = error.to_string();
    match said.rfind(" (os error ") {
        Some(at) if said.ends_with(')') => said[..at].to_owned(),
        _ => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_failure_is_left_out() {
        assert_eq!(reason(&io::Error::from_raw_os_error(2)).find("os error"), None);
        assert_eq!(reason(&io::Error::other("torn")), "torn");
    }
}
