//! Parser errors in words that say what to do about them.

use granit_parser::{ErrorKind, ScanError};

/// What is wrong, for a person who wrote the text; the parser's own words where they are clear already.
pub fn explain(error: &ScanError) -> String {
    let text = match error.kind() {
        ErrorKind::MappingValueNotAllowed | ErrorKind::MappingKeyNotAllowed => {
            "a second colon stands in a value without quotes, or the indentation is off"
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => "this line has no colon and continues no value",
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry => {
            "text follows a closing quote or bracket, or the indentation is off"
        }
        ErrorKind::ExpectedDocumentStart => "text follows the end of the value",
        ErrorKind::UnknownAnchor => "a value that begins with `*` refers to a name that is not there",
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => "a quote is not closed",
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "text follows a closing quote"
        }
        ErrorKind::UnknownQuotedScalarEscape => "`\\` and a letter that means nothing stand between double quotes",
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar => "a tab stands where only spaces may",
        ErrorKind::ExpectedFlowSequenceSeparator | ErrorKind::ExpectedFlowMappingSeparator => {
            "a comma or a closing bracket is missing"
        }
        ErrorKind::UnexpectedEofFlowSequence | ErrorKind::UnexpectedEofFlowMapping => "a bracket is not closed",
        ErrorKind::RecursionLimitExceeded => "lists and mappings stand too deep in each other",
        ErrorKind::BlockSequenceEntryNotAllowed => "a list cannot begin on the line of its key",
        ErrorKind::InvalidTagTerminator | ErrorKind::UndeclaredTagHandle => "a value begins with `!` and has no quotes",
        ErrorKind::UnexpectedCharacter { character } => {
            return format!("a value cannot begin with `{character}` without quotes");
        }
        _ => return error.info(),
    };
    text.to_owned()
}
