//! Errors as a person reads them: what happened, where, the line itself.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use postferry::convert::ConvertError;
use postferry::mapping::MappingError;
use postferry::read::ReadError;

/// Prints an error to standard error.
pub fn print(error: &anyhow::Error) {
    let quoted = error.chain().find_map(|cause| {
        cause.downcast_ref::<MappingError>().map(of_mapping).or_else(|| match cause.downcast_ref::<ConvertError>() {
            Some(ConvertError::Mapping(error)) => Some(of_mapping(error)),
            Some(ConvertError::Read(ReadError::Config { file, line, column, message, quote })) => {
                Some(quote_line(file, *line as usize, *column as usize, message, quote))
            }
            _ => None,
        })
    });
    anstream::eprintln!("{}", quoted.unwrap_or_else(|| format!("error: {error:#}")));
}

fn of_mapping(error: &MappingError) -> String {
    quote_line(&error.file, error.line, error.column, &error.message, &error.quote)
}

/// The message above the quoted line, the column marked.
fn quote_line(file: &str, line: usize, column: usize, message: &str, quote: &str) -> String {
    let start = quote.char_indices().nth(column.saturating_sub(1)).map_or(quote.len(), |(at, _)| at);
    let end = quote[start..].chars().next().map_or(start, |c| start + c.len_utf8());
    let snippet =
        Snippet::source(quote).line_start(line.max(1)).path(file).annotation(AnnotationKind::Primary.span(start..end));
    let report = [Level::ERROR.primary_title(message).element(snippet)];
    Renderer::plain().render(&report)
}
