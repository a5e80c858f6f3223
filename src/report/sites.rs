//! The report of two sites held against each other.

use std::io;

use minijinja::{Value, context};
use serde_json::json;

use super::{for_script, render};
use crate::verify::{Aspect, Compared, Verified};

const TEMPLATE: &str = include_str!("../../templates/verify.html");

/// Writes the report of an old site and a new one, which are named as the user named them.
///
/// # Errors
/// Where `out` takes no more.
pub fn write(verified: &Verified, old: &str, new: &str, out: impl io::Write) -> io::Result<()> {
    let aspects = Aspect::ALL.map(|aspect| {
        let differ = verified.aspects.get(aspect.name()).copied().unwrap_or_default();
        context! { name => aspect.name(), differ }
    });
    let sides: Vec<_> = verified.differing.iter().map(|compared| json!([compared.html.0, compared.html.1])).collect();
    let values = context! {
        old,
        new,
        documents => verified.documents,
        whole => verified.whole,
        others => verified.others,
        added => verified.added,
        aspects => aspects.to_vec(),
        differing => verified.differing.iter().map(document).collect::<Vec<_>>(),
        unanswered => verified.unanswered.iter().map(|one| context! { address => &one.address, what => one.what }).collect::<Vec<_>>(),
        unread => &verified.unread,
        data => for_script(&json!(sides)),
    };
    render(TEMPLATE, values, out)
}

fn document(compared: &Compared) -> Value {
    let differences = compared.differences.iter().map(|difference| {
        context! { aspect => difference.aspect.name(), old => &difference.old, new => &difference.new }
    });
    context! {
        old => &compared.old,
        new => compared.new.as_deref().unwrap_or_default(),
        title => &compared.title,
        differences => differences.collect::<Vec<_>>(),
        seen => !compared.html.0.is_empty() || !compared.html.1.is_empty(),
    }
}
