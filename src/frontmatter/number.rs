//! What the dialects' number rules share.

use crate::model::Value;

/// An integer of bare digits in a base; text where it is too large for 64 bits, so that no digit of an
/// identifier is lost; `None` where the characters are not digits.
pub fn digits(text: &str, base: u32, negative: bool) -> Option<Value> {
    if text.is_empty() || !text.chars().all(|c| c.is_digit(base)) {
        return None;
    }
    let sign = if negative { "-" } else { "" };
    let signed = format!("{sign}{text}");
    match i64::from_str_radix(&signed, base) {
        Ok(number) => Some(Value::Int(number)),
        Err(_) if base == 10 => Some(Value::String(signed)),
        Err(_) => None,
    }
}

/// Sixties, `12:30:45` or `1:30.5`, without their sign. SafeYAML makes a float of them in either form, and takes
/// the sign for the first place alone before it turns the whole around: `-12:30` is 690 to it.
pub fn sexagesimal(text: &str, negative: bool) -> Option<Value> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let mut places = whole.split(':');
    let first: String = places.next()?.chars().filter(|c| *c != '_').collect();
    let first = decimal(&first)?;
    let mut sum = if negative { -first } else { first };
    let mut count = 0;
    for place in places {
        let small = matches!(place.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
        if !small {
            return None;
        }
        sum = sum * 60.0 + decimal(place)?;
        count += 1;
    }
    if count == 0 {
        return None;
    }
    if let Some(fraction) = fraction {
        sum += format!("0.{}", fraction.replace('_', "")).parse::<f64>().ok()?;
    }
    Some(Value::Float(if negative { -sum } else { sum }))
}

fn decimal(text: &str) -> Option<f64> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}
