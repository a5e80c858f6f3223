//! Liquid's standard filters, and those of Jekyll that need nothing of the site.

pub mod address;
mod dates;
pub mod lists;
mod text;

use std::cmp::Ordering;

use jiff::tz::TimeZone;

use super::expression::{Expression, Step};
use super::number::{Number, leading_integer, to_integer};
use super::value::{LiquidMap, LiquidValue};

/// Applies a filter; `None` where there is none of that name.
pub fn apply<'v>(
    name: &str,
    input: &LiquidValue<'v>,
    arguments: &[LiquidValue<'v>],
    zone: &TimeZone,
) -> Option<LiquidValue<'v>> {
    text::apply(name, input, arguments)
        .or_else(|| number_filter(name, input, arguments))
        .or_else(|| lists::apply(name, input, arguments))
        .or_else(|| dates::apply(name, input, arguments, zone))
}

/// Whether a filter takes a date.
fn takes_date(name: &str) -> bool {
    matches!(name, "date" | "date_to_string" | "date_to_long_string" | "date_to_xmlschema" | "date_to_rfc822")
}

/// Liquid (`utils.rb`, `to_date`): these words stand for the time of the build where a date is asked for.
pub fn means_now(name: &str, value: &Expression) -> bool {
    takes_date(name) && matches!(value, Expression::Text(text) if matches!(&*text.to_lowercase(), "now" | "today"))
}

/// Why the old page cannot be known, where a filter asks for what another run answers otherwise.
pub fn unknowable(name: &str, value: &Expression) -> Option<&'static str> {
    let built = |steps: &[Step]| matches!(steps, [Step::Name(site), Step::Name(time)] if &**site == "site" && &**time == "time");
    let is_built = matches!(value, Expression::Path(steps) if built(steps));
    match name {
        "sample" => Some("`sample` takes items at random: the first ones are kept"),
        name if means_now(name, value) || takes_date(name) && is_built => {
            Some("the time of the build is asked for, which is another one each time: it is the day of this conversion")
        }
        "scssify" | "sassify" => Some("a style sheet is compiled by a filter: its source is kept"),
        _ => None,
    }
}

/// Liquid (`standardfilters.rb`). What the gem stops at, such as a division by nought, is said in its words.
fn number_filter<'v>(name: &str, input: &LiquidValue<'v>, arguments: &[LiquidValue<'v>]) -> Option<LiquidValue<'v>> {
    let a = || Number::of(input);
    let b = || arguments.first().map_or(Number::Int(0), Number::of);
    let divided = |result: Option<Number>| result.map_or_else(|| "Liquid error: divided by 0".into(), Number::to_value);
    Some(match name {
        "plus" => a().plus(b()).to_value(),
        "minus" => a().minus(b()).to_value(),
        "times" => a().times(b()).to_value(),
        "divided_by" => divided(a().divided_by(b())),
        "modulo" => divided(a().modulo(b())),
        "abs" => a().abs().to_value(),
        "ceil" => a().whole(true).to_value(),
        "floor" => a().whole(false).to_value(),
        "round" => {
            let places = b().truncate();
            let rounded = a().round(places);
            if places == 0 { LiquidValue::Int(rounded.truncate()) } else { rounded.to_value() }
        }
        "at_least" => (if b().compare(a()) == Ordering::Greater { b() } else { a() }).to_value(),
        "at_most" => (if b().compare(a()) == Ordering::Less { b() } else { a() }).to_value(),
        // Jekyll (`filters.rb`)
        "to_integer" => LiquidValue::Int(match input {
            LiquidValue::Bool(b) => i64::from(*b),
            LiquidValue::Text(text) => leading_integer(text),
            other => to_integer(other),
        }),
        "default" => {
            let allow_false = arguments.iter().any(|argument| match argument {
                LiquidValue::Map(LiquidMap::Made(named)) => {
                    named.get("allow_false").is_some_and(LiquidValue::is_truthy)
                }
                _ => false,
            });
            let missing = match input {
                LiquidValue::Bool(false) => !allow_false,
                other => !other.is_truthy() || other.is_empty() == Some(true),
            };
            if missing { arguments.first().cloned().unwrap_or(LiquidValue::from("")) } else { input.clone() }
        }
        _ => return None,
    })
}
