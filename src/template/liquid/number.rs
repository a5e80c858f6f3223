//! Liquid's arithmetic (`standardfilters.rb`): integers stay integers, the others are decimals and not binary.

use std::cmp::Ordering;

use super::value::LiquidValue;

/// A number as Liquid reckons with it.
#[derive(Debug, Clone, Copy)]
pub enum Number {
    /// A whole number.
    Int(i64),
    /// Digits and how many of them stand behind the point: Ruby's `BigDecimal`.
    Decimal(i128, u32),
    /// What is too large or too small for the others.
    Float(f64),
}

impl Number {
    /// Liquid (`utils.rb`, `to_number`): what is no number is nought, and a text counts as far as it goes.
    pub fn of(value: &LiquidValue<'_>) -> Number {
        match value {
            LiquidValue::Int(i) => Number::Int(*i),
            LiquidValue::Float(f) => Self::decimal(&show_float(*f)).unwrap_or(Number::Float(*f)),
            LiquidValue::Text(text) => Self::decimal(text.trim()).unwrap_or_else(|| Number::Int(leading_integer(text))),
            _ => Number::Int(0),
        }
    }

    fn decimal(text: &str) -> Option<Number> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, part) = digits.split_once('.')?;
        let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(part) || whole.len() + part.len() > 30 {
            return None;
        }
        let digits: i128 = format!("{whole}{part}").parse().ok()?;
        Some(Number::Decimal(sign * digits, part.len() as u32))
    }

    /// As a binary number.
    pub fn to_float(self) -> f64 {
        match self {
            Number::Int(i) => i as f64,
            // reading the digits rounds once
            Number::Decimal(digits, places) => format!("{digits}e-{places}").parse().unwrap_or(f64::NAN),
            Number::Float(f) => f,
        }
    }

    /// As a value of a template.
    pub fn to_value<'v>(self) -> LiquidValue<'v> {
        match self {
            Number::Int(i) => LiquidValue::Int(i),
            other => LiquidValue::Float(other.to_float()),
        }
    }

    /// Which of two is larger.
    pub fn compare(self, other: Number) -> Ordering {
        match (self, other) {
            (Number::Int(a), Number::Int(b)) => a.cmp(&b),
            _ => self.to_float().total_cmp(&other.to_float()),
        }
    }

    /// Two decimals with as many places behind the point, and how many that is.
    fn aligned(self, other: Number) -> Option<(i128, i128, u32)> {
        let parts = |number| match number {
            Number::Int(i) => Some((i128::from(i), 0)),
            Number::Decimal(digits, places) => Some((digits, places)),
            Number::Float(_) => None,
        };
        let ((a, a_places), (b, b_places)) = (parts(self)?, parts(other)?);
        let places = a_places.max(b_places);
        let raised = |digits: i128, by: u32| digits.checked_mul(10i128.checked_pow(by)?);
        Some((raised(a, places - a_places)?, raised(b, places - b_places)?, places))
    }

    fn exact(
        self,
        other: Number,
        whole: impl Fn(i64, i64) -> Option<i64>,
        digits: impl Fn(i128, i128) -> Option<i128>,
        float: impl Fn(f64, f64) -> f64,
    ) -> Number {
        if let (Number::Int(a), Number::Int(b)) = (self, other) {
            return whole(a, b).map_or_else(|| Number::Float(float(a as f64, b as f64)), Number::Int);
        }
        let exact = self.aligned(other).and_then(|(a, b, places)| Some(Number::Decimal(digits(a, b)?, places)));
        exact.unwrap_or_else(|| Number::Float(float(self.to_float(), other.to_float())))
    }

    /// The sum.
    pub fn plus(self, other: Number) -> Number {
        self.exact(other, i64::checked_add, i128::checked_add, |a, b| a + b)
    }

    /// The difference.
    pub fn minus(self, other: Number) -> Number {
        self.exact(other, i64::checked_sub, i128::checked_sub, |a, b| a - b)
    }

    /// The product.
    pub fn times(self, other: Number) -> Number {
        match (self, other, self.aligned(other)) {
            (Number::Int(a), Number::Int(b), _) => {
                a.checked_mul(b).map_or(Number::Float(a as f64 * b as f64), Number::Int)
            }
            (_, _, Some((a, b, places))) if a.checked_mul(b).is_some() && places <= 15 => {
                Number::Decimal(a * b, places * 2)
            }
            _ => Number::Float(self.to_float() * other.to_float()),
        }
    }

    /// The quotient, downwards to a whole number between whole numbers; `None` by nought.
    pub fn divided_by(self, other: Number) -> Option<Number> {
        match (self, other) {
            (_, other) if other.to_float() == 0.0 => None,
            (Number::Int(a), Number::Int(b)) => {
                let down = i64::from(a.checked_rem(b).unwrap_or(0) != 0 && (a < 0) != (b < 0));
                Some(a.checked_div(b).map_or(Number::Float(a as f64 / b as f64), |q| Number::Int(q - down)))
            }
            _ => Some(Number::Float(self.to_float() / other.to_float())),
        }
    }

    /// The rest of [`Self::divided_by`], with the sign of the divisor.
    pub fn modulo(self, other: Number) -> Option<Number> {
        if other.to_float() == 0.0 {
            return None;
        }
        let rest = |a: i128, b: i128| {
            a.checked_rem(b).map(|rest| if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
        };
        let whole = |a: i64, b: i64| rest(a.into(), b.into()).and_then(|rest| i64::try_from(rest).ok());
        Some(self.exact(other, whole, rest, |a, b| a - b * (a / b).floor()))
    }

    /// Without its sign.
    pub fn abs(self) -> Number {
        if self.compare(Number::Int(0)).is_lt() { Number::Int(0).minus(self) } else { self }
    }

    /// To a number of places behind the point, halves away from nought.
    pub fn round(self, places: i64) -> Number {
        let keep = u32::try_from(places.clamp(0, 30)).unwrap_or(0);
        match self {
            Number::Decimal(digits, has) if has > keep => {
                let unit = 10i128.pow(has - keep);
                let half = unit / 2 * digits.signum();
                Number::Decimal((digits + half) / unit, keep)
            }
            Number::Int(i) if places < 0 => {
                let unit = 10i64.checked_pow(places.unsigned_abs().min(30) as u32);
                Number::Int(unit.map_or(0, |unit| (i + unit / 2 * i.signum()) / unit * unit))
            }
            other => other,
        }
    }

    /// The next whole number below or, for the other direction, above.
    pub fn whole(self, up: bool) -> Number {
        match self {
            Number::Int(_) => self,
            Number::Decimal(digits, places) => {
                let unit = 10i128.pow(places);
                let down = digits.div_euclid(unit);
                let value = if up && digits.rem_euclid(unit) != 0 { down + 1 } else { down };
                i64::try_from(value).map_or(Number::Float(value as f64), Number::Int)
            }
            Number::Float(f) => Number::Int(if up { f.ceil() as i64 } else { f.floor() as i64 }),
        }
    }

    /// The whole part.
    pub fn truncate(self) -> i64 {
        match self {
            Number::Int(i) => i,
            other => other.to_float() as i64,
        }
    }
}

/// Ruby's `to_i` of a text: the digits that it begins with.
pub fn leading_integer(text: &str) -> i64 {
    let text = text.trim_start();
    let (sign, digits) = match text.as_bytes().first() {
        Some(b'-') => (-1, &text[1..]),
        Some(b'+') => (1, &text[1..]),
        _ => (1, text),
    };
    let mut value: i64 = 0;
    let mut before = None;
    for c in digits.chars() {
        match c {
            '0'..='9' => value = value.saturating_mul(10).saturating_add(i64::from(c as u32 - '0' as u32)),
            '_' if before.is_some_and(|c: char| c.is_ascii_digit()) => {}
            _ => break,
        }
        before = Some(c);
    }
    sign * value
}

/// Ruby's `to_i`.
pub fn to_integer(value: &LiquidValue<'_>) -> i64 {
    match value {
        LiquidValue::Int(i) => *i,
        LiquidValue::Float(f) => *f as i64,
        LiquidValue::Text(text) => leading_integer(text),
        LiquidValue::Time(moment) => moment.instant.as_second(),
        _ => 0,
    }
}

/// Ruby's `Float#to_s`.
pub fn show_float(f: f64) -> String {
    if !f.is_finite() {
        return if f.is_nan() {
            "NaN"
        } else if f > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .to_owned();
    }
    if f == 0.0 || (1e-4..1e16).contains(&f.abs()) {
        return format!("{f:?}");
    }
    let shown = format!("{f:e}");
    let (digits, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
    let point = if digits.contains('.') { "" } else { ".0" };
    let (sign, size) = exponent.strip_prefix('-').map_or(('+', exponent), |size| ('-', size));
    format!("{digits}{point}e{sign}{size:0>2}")
}
