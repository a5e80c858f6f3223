//! The report: what became of a blog, for a person who has to check it.
//!
//! It is one page that asks for nothing else. What is needed to see what happened is in it as it stands; every place and
//! every address is data, of which rows are made when somebody opens them, so that a report of thousands of posts opens
//! as fast as a short one.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use minijinja::{AutoEscape, Environment, Value, context};
use serde_json::json;

use crate::address::Answer;
use crate::convert::{Counts, Outcome, Pair};
use crate::ledger::{Cause, Code, Severity, causes};

mod sites;

pub use sites::write as write_sites;

const TEMPLATE: &str = include_str!("../../templates/report.html");

/// What every report has: one beginning, one look, and pages side by side.
const PARTS: [(&str, &str); 3] = [
    ("head.html", include_str!("../../templates/report-head.html")),
    ("report.css", include_str!("../../templates/report.css")),
    ("panes.js", include_str!("../../templates/panes.js")),
];

/// Writes a page by its template. Values are text in it, whatever they hold.
fn render(template: &'static str, values: Value, mut out: impl io::Write) -> io::Result<()> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(crate::write::escape);
    for (name, part) in PARTS {
        environment.add_template(name, part).map_err(io::Error::other)?;
    }
    environment.add_template("report.html", template).map_err(io::Error::other)?;
    let page = environment.get_template("report.html").and_then(|template| template.render(values));
    out.write_all(page.map_err(io::Error::other)?.as_bytes())
}

/// JSON for the script of a page: HTML ends a script at `</script`, and takes `<!--` in one for more.
fn for_script(data: &serde_json::Value) -> Value {
    Value::from_safe_string(data.to_string().replace('<', "\\u003c"))
}

/// Writes the report of a conversion for a target, with the documents that are to be compared ([`Comparison::pairs`]).
///
/// [`Comparison::pairs`]: crate::convert::Comparison::pairs
///
/// # Errors
/// Where `out` takes no more.
pub fn write(outcome: &Outcome, target: &str, pairs: &[Pair], out: impl io::Write) -> io::Result<()> {
    let causes = causes(outcome.ledger.entries());
    let lost: usize = of_severity(&causes, Severity::Loss) + of_severity(&causes, Severity::Error);
    let values = context! {
        title => outcome.site.title.as_str(),
        from => outcome.generator,
        to => target,
        counts => counts(&outcome.counts),
        answers => answers(outcome),
        links => links(&outcome.counts),
        lost,
        look => of_severity(&causes, Severity::Warning),
        causes => causes.iter().enumerate().map(cause).collect::<Vec<_>>(),
        steps => steps(&causes),
        codes => codes(&causes),
        fields => fields(&causes),
        unused => outcome.unused.iter().map(|file| Value::from(&**file)).collect::<Vec<_>>(),
        pairs => pairs.iter().map(pair).collect::<Vec<_>>(),
        data => for_script(&data(outcome, &causes, pairs)),
    };
    render(TEMPLATE, values, out)
}

fn of_severity(causes: &[Cause<'_>], severity: Severity) -> usize {
    let of = causes.iter().filter(|cause| cause.code.severity() == severity);
    of.map(|cause| cause.entries.len()).sum()
}

fn counts(counts: &Counts) -> Vec<Value> {
    let Counts { posts, pages, items, drafts, assets, .. } = *counts;
    let counts =
        [(posts, "posts"), (pages, "pages"), (items, "collection items"), (drafts, "drafts"), (assets, "other files")];
    counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, of)| context! { count, of }).collect()
}

fn pair(pair: &Pair) -> Value {
    context! { source => &*pair.source, file => &*pair.file, count => pair.marked.len() }
}

/// How many old addresses are answered in each way.
fn answers(outcome: &Outcome) -> Vec<Value> {
    let ways = [
        (Answer::Same, "as before"),
        (Answer::Alias, "by a page that sends readers on"),
        (Answer::Redirect, "by the host, if it is told to (--redirects)"),
        (Answer::Gone, "by nothing"),
    ];
    let count = |answer: Answer| outcome.book.rows().iter().filter(|row| row.answer == answer).count();
    let ways = ways.into_iter().map(|(answer, how)| (count(answer), how));
    ways.filter(|(count, _)| *count > 0).map(|(count, how)| context! { count, how }).collect()
}

fn links(counts: &Counts) -> Value {
    let links = counts.links;
    context! { checked => links.checked, before => links.dead_before, unknown => links.unknown, now => links.dead_now }
}

fn cause((at, cause): (usize, &Cause<'_>)) -> Value {
    let Cause { code, message, entries } = cause;
    context! {
        at,
        code => code.name(),
        severity => code.severity().name(),
        message => *message,
        count => entries.len(),
        files => entries.chunk_by(|a, b| a.place.file == b.place.file).count(),
        description => describe(*code),
        hint => code.hint(),
    }
}

/// What is to be done, one step for each code that asks for something.
fn steps(causes: &[Cause<'_>]) -> Vec<Value> {
    let asks = |code: Code| code.severity() > Severity::Info && !code.hint().is_empty();
    let of_codes = causes.chunk_by(|a, b| a.code == b.code).filter(|of_code| asks(of_code[0].code));
    let step = |of_code: &[Cause<'_>]| {
        let Cause { code, message, entries } = &of_code[0];
        let more: usize = of_code[1..].iter().map(|cause| cause.entries.len()).sum();
        context! { code => code.name(), hint => code.hint(), message => *message, count => entries.len(), more }
    };
    of_codes.map(step).collect()
}

fn describe(code: Code) -> String {
    code.describe().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The codes that there are causes of, for those who look for one.
fn codes(causes: &[Cause<'_>]) -> Vec<&'static str> {
    let mut codes: Vec<&str> = causes.iter().map(|cause| cause.code.name()).collect();
    codes.dedup();
    codes
}

/// What became of fields.
fn fields(causes: &[Cause<'_>]) -> Vec<Value> {
    let of_fields =
        |code: Code| matches!(code, Code::FieldRenamed | Code::FieldExtra | Code::FieldDropped | Code::FieldOdd);
    let of_fields = causes.iter().filter(|cause| of_fields(cause.code));
    of_fields.map(|cause| context! { message => cause.message, count => cause.entries.len() }).collect()
}

/// Every place of every cause, and every old address, for the script of the page. A file is named once.
fn data(outcome: &Outcome, causes: &[Cause<'_>], pairs: &[Pair]) -> serde_json::Value {
    let mut files: Vec<Arc<str>> = Vec::new();
    let mut numbers: HashMap<Arc<str>, usize> = HashMap::new();
    let mut number = |file: &Arc<str>| {
        *numbers.entry(file.clone()).or_insert_with(|| {
            files.push(file.clone());
            files.len() - 1
        })
    };
    let mut places = Vec::with_capacity(causes.len());
    for cause in causes {
        let of_cause = cause.entries.iter().map(|entry| {
            let place = &entry.place;
            match &entry.quote {
                Some(quote) => json!([number(&place.file), place.line, place.column, quote]),
                None => json!([number(&place.file), place.line, place.column]),
            }
        });
        places.push(of_cause.collect::<Vec<_>>());
    }
    let rows = outcome.book.rows().iter();
    let addresses: Vec<_> = rows.map(|row| json!([row.old, row.new, row.answer.name(), row.what.name()])).collect();
    json!({ "files": files, "places": places, "addresses": addresses, "pairs": pairs })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::{Job, plan};
    use crate::ledger::Ledger;
    use crate::model::{Place, Site};
    use crate::write::WRITERS;

    fn page(title: &str, ledger: Ledger) -> String {
        let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/jekyll");
        let conversion = plan(&Job::new(source, WRITERS[0])).unwrap();
        let outcome = conversion.outcome(&[]);
        let site = Arc::new(Site { title: title.to_owned(), ..(*outcome.site).clone() });
        let outcome = Outcome { site, unused: vec!["<i>.png".into()], ledger, ..outcome };
        let mut page = Vec::new();
        write(&outcome, "hugo", &[], &mut page).unwrap();
        String::from_utf8(page).unwrap()
    }

    #[test]
    fn hostile_text_stays_text() {
        let mut ledger = Ledger::default();
        let quote = "</script><script>alert('x')</script> {{ title }} <!--";
        ledger.add_quoting(Code::TagUnknown, Place::at("a<b>.md", 3, 1), "the tag `<script>` is unknown", quote);
        for title in ["</title><script>alert(1)</script>", "{{ data }}", "{% for x in y %}"] {
            let page = page(title, ledger.clone());
            assert_eq!(page.matches("<script").count(), TEMPLATE.matches("<script").count(), "{page}");
            assert_eq!(page.matches("</script").count(), TEMPLATE.matches("</script").count(), "{page}");
            assert!(!page.contains("<i>.png") && page.contains("&lt;i&gt;.png"), "{page}");
        }
    }

    #[test]
    fn what_is_to_be_compared_stands_side_by_side() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("_posts")).expect("created");
        let post = |name: &str, body: &str| {
            std::fs::write(folder.path().join("_posts").join(name), format!("---\ntitle: T\n---\n{body}"))
                .expect("written");
        };
        post("2020-01-01-fine.md", "Fine.\n");
        post("2020-01-02-odd.md", "One.\n\n{% nosuch %} <b onclick=\"x\">*two*</b></script>\n");
        let conversion = plan(&Job::new(folder.path().to_owned(), WRITERS[0])).expect("a plan");
        conversion.plan.for_each(|_, _| ());
        let comparison = conversion.to_compare();
        let outcome = conversion.outcome(&[]);
        let pairs = comparison.pairs(&outcome);
        assert_eq!(pairs.len(), 1, "{pairs:?}");
        let Pair { source, file, typed, before, after, marked, line, .. } = &pairs[0];
        assert_eq!((&**source, &**file), ("_posts/2020-01-02-odd.md", "content/posts/2020-01-02-odd.md"));
        assert!(typed.starts_with("One.") && *line == 4 && *marked == [6], "{pairs:?}");
        assert!(before.contains("<em>two</em>") && after.contains("<em>two</em>"), "{pairs:?}");
        let mut page = Vec::new();
        write(&outcome, "hugo", &pairs, &mut page).expect("written");
        let page = String::from_utf8(page).expect("UTF-8");
        assert!(page.contains("data-source=\"_posts/2020-01-02-odd.md\""), "{page}");
        assert_eq!(page.matches("</script").count(), TEMPLATE.matches("</script").count(), "{page}");
    }

    #[test]
    fn losses_come_first_and_say_what_to_do() {
        let mut ledger = Ledger::default();
        ledger.add(Code::FieldExtra, Place::at("a.md", 3, 1), "`x` is kept as custom data");
        ledger.add(Code::TagUnknown, Place::at("a.md", 9, 1), "the tag `y` is unknown");
        let page = page("Blog", ledger);
        let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} in {page}"));
        assert!(at("the tag `y` is unknown") < at("`x` is kept as custom data"));
        at(Code::TagUnknown.hint());
        at("1 thing was lost");
        at("[[0,9,1]]");
    }
}
