//! Texts as JavaScript's `Date` reads them: V8's `dateparser-inl.h`, which tries ISO 8601 first and then what browsers
//! have always taken.

use jiff::Span;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use super::tokens::{Token, Tokens, Word};

/// A clock reading, and its offset where the text has one; `None` where the `Date` would be invalid.
pub fn parse(text: &str) -> Option<(DateTime, Option<Offset>)> {
    let mut tokens = Tokens::new(text);
    let mut parts = Parts::default();
    match parts.iso(&mut tokens)? {
        Iso::Whole => {}
        Iso::Left(token) => parts.legacy(token, &mut tokens)?,
    }
    let civil = parts.day.date()?.checked_add(parts.time.span()?).ok()?;
    match parts.zone.seconds() {
        None => Some((civil, None)),
        Some(seconds) => match Offset::from_seconds(seconds) {
            Ok(offset) => Some((civil, Some(offset))),
            // farther from Greenwich than any clock
            Err(_) => Some((civil.checked_sub(Span::new().seconds(seconds)).ok()?, Some(Offset::UTC))),
        },
    }
}

/// How far a text was ISO 8601.
enum Iso {
    /// To its end.
    Whole,
    /// Up to this part.
    Left(Token),
}

#[derive(Debug, Default)]
struct Parts {
    day: Day,
    time: Time,
    zone: Zone,
}

/// `DayComposer`.
#[derive(Debug, Default)]
struct Day {
    numbers: Vec<i32>,
    month: Option<i32>,
    iso: bool,
}

/// `TimeComposer`: hour, minute, second, millisecond.
#[derive(Debug, Default)]
struct Time {
    numbers: Vec<i32>,
    half_of_day: Option<i32>,
}

/// `TimeZoneComposer`.
#[derive(Debug, Default)]
struct Zone {
    sign: Option<i32>,
    hour: Option<i32>,
    minute: Option<i32>,
}

impl Parts {
    /// `ParseES5DateTime`; `None` where nothing can follow that makes it a date.
    fn iso(&mut self, tokens: &mut Tokens<'_>) -> Option<Iso> {
        let left = |tokens: &mut Tokens<'_>| Some(Iso::Left(tokens.next()));
        match tokens.peek() {
            sign @ Token::Symbol(b'+' | b'-') => {
                tokens.next();
                let Token::Number(year, 6) = tokens.peek() else { return Some(Iso::Left(sign)) };
                tokens.next();
                if sign == Token::Symbol(b'-') && year == 0 {
                    return Some(Iso::Left(sign));
                }
                self.day.add(if sign == Token::Symbol(b'-') { -year } else { year });
            }
            Token::Number(year, 4) => {
                tokens.next();
                self.day.add(year);
            }
            _ => return left(tokens),
        }
        for most in [12, 31] {
            if !tokens.skip(b'-') {
                break;
            }
            match tokens.peek() {
                Token::Number(n, 2) if (1..=most).contains(&n) => self.day.add(n),
                _ => return left(tokens),
            };
            tokens.next();
        }
        match tokens.peek() {
            Token::Word(Word::Separator, _) => {
                tokens.next();
                self.iso_time(tokens)?;
            }
            Token::End => {}
            _ => return left(tokens),
        }
        if self.zone.is_empty() && self.time.numbers.is_empty() {
            self.zone.set(0);
        }
        self.day.iso = true;
        Some(Iso::Whole)
    }

    fn iso_time(&mut self, tokens: &mut Tokens<'_>) -> Option<()> {
        let two = |tokens: &mut Tokens<'_>, most: i32| match tokens.next() {
            Token::Number(n, 2) if n <= most => Some(n),
            _ => None,
        };
        let hour = two(tokens, 24)?;
        let rest = if hour == 24 { 0 } else { 59 };
        self.time.add(hour);
        tokens.skip(b':').then_some(())?;
        self.time.add(two(tokens, rest)?);
        if tokens.skip(b':') {
            self.time.add(two(tokens, rest)?);
            if tokens.skip(b'.') {
                let Token::Number(n, length) = tokens.next() else { return None };
                (hour != 24 || n == 0).then_some(())?;
                self.time.add(milliseconds(n, length));
            }
        }
        match tokens.peek() {
            Token::Word(Word::Zone(0), 1) => {
                tokens.next();
                self.zone.set(0);
            }
            Token::Symbol(sign @ (b'+' | b'-')) => {
                tokens.next();
                self.zone.sign = Some(if sign == b'-' { -1 } else { 1 });
                let (hour, minute) = match tokens.next() {
                    Token::Number(n, 4) => (n / 100, n % 100),
                    Token::Number(hour, 2) => {
                        tokens.skip(b':').then_some(())?;
                        (hour, two(tokens, 59)?)
                    }
                    _ => return None,
                };
                (hour <= 23 && minute <= 59).then_some(())?;
                (self.zone.hour, self.zone.minute) = (Some(hour), Some(minute));
            }
            _ => {}
        }
        (tokens.peek() == Token::End).then_some(())
    }

    /// The rest of `Parse`: what browsers took before there was ISO 8601.
    fn legacy(&mut self, first: Token, tokens: &mut Tokens<'_>) -> Option<()> {
        let mut has_number = !self.day.numbers.is_empty();
        let mut token = first;
        while token != Token::End {
            match token {
                Token::Number(n, _) => {
                    has_number = true;
                    self.number(n, tokens)?;
                }
                Token::Word(Word::HalfOfDay(hours), _) if !self.time.numbers.is_empty() => {
                    self.time.half_of_day = Some(hours);
                }
                Token::Word(Word::Month(month), _) => {
                    self.day.month = Some(month);
                    tokens.skip(b'-');
                }
                Token::Word(Word::Zone(hours), _) if has_number => self.zone.set(hours),
                // other words may only stand in front, and not right before a number
                Token::Word(..) if has_number || matches!(tokens.peek(), Token::Number(..)) => return None,
                Token::Symbol(sign @ (b'+' | b'-')) if self.zone.is_utc() || !self.time.numbers.is_empty() => {
                    has_number = true;
                    self.signed(if sign == b'-' { -1 } else { 1 }, tokens)?;
                }
                Token::Symbol(b'+' | b'-' | b')') if has_number => return None,
                _ => {}
            }
            token = tokens.next();
        }
        Some(())
    }

    fn number(&mut self, n: i32, tokens: &mut Tokens<'_>) -> Option<()> {
        if tokens.skip(b':') {
            if tokens.skip(b':') {
                self.time.numbers.is_empty().then_some(())?;
                self.time.add(n);
                self.time.add(0);
            } else {
                self.time.add(n).then_some(())?;
                tokens.skip(b'.');
            }
        } else if tokens.skip(b'.') && self.time.expects(n) {
            self.time.add(n);
            let Token::Number(n, length) = tokens.next() else { return None };
            self.time.add_last(milliseconds(n, length));
        } else if self.zone.expects(n) {
            self.zone.minute = Some(n);
        } else if self.time.expects(n) {
            self.time.add_last(n);
            let ends = matches!(
                tokens.peek(),
                Token::End | Token::Space | Token::Word(Word::Zone(0), 1) | Token::Symbol(b'+' | b'-')
            );
            ends.then_some(())?;
        } else {
            self.day.add(n).then_some(())?;
            tokens.skip(b'-');
        }
        Some(())
    }

    /// An offset behind a sign.
    fn signed(&mut self, sign: i32, tokens: &mut Tokens<'_>) -> Option<()> {
        self.zone.sign = Some(sign);
        let (n, length) = match tokens.peek() {
            Token::Number(n, length) => {
                tokens.next();
                (n, length)
            }
            _ => (0, 0),
        };
        (self.zone.hour, self.zone.minute) = match length {
            _ if tokens.peek() == Token::Symbol(b':') => (Some(n), None),
            1 | 2 => (Some(n), Some(0)),
            3 | 4 => (Some(n / 100), Some(n % 100)),
            _ => return None,
        };
        Some(())
    }
}

impl Day {
    fn add(&mut self, n: i32) -> bool {
        let fits = self.numbers.len() < 3;
        if fits {
            self.numbers.push(n);
        }
        fits
    }

    /// `DayComposer::Write`: what is missing is 1, and the years of two digits are of this century or the last. A day
    /// that the month does not have is one of the next.
    fn date(mut self) -> Option<DateTime> {
        if self.numbers.is_empty() {
            return None;
        }
        self.numbers.resize(3, 1);
        let is_day = |n: i32| (1..=31).contains(&n);
        let [a, b, c] = [self.numbers[0], self.numbers[1], self.numbers[2]];
        let (year, month, day) = match self.month {
            None if self.iso || !is_day(a) => (a, b, c),
            None => (c, a, b),
            Some(month) if !is_day(a) => (a, month, b),
            Some(month) => (b, month, a),
        };
        let year = match year {
            0..=49 if !self.iso => year + 2000,
            50..=99 if !self.iso => year + 1900,
            _ => year,
        };
        let first = Date::new(year.try_into().ok()?, month.try_into().ok()?, 1).ok()?;
        if !is_day(day) {
            return None;
        }
        first.checked_add(Span::new().days(day - 1)).ok().map(|date| date.at(0, 0, 0, 0))
    }
}

impl Time {
    fn add(&mut self, n: i32) -> bool {
        let fits = self.numbers.len() < 4;
        if fits {
            self.numbers.push(n);
        }
        fits
    }

    fn add_last(&mut self, n: i32) {
        self.add(n);
        self.numbers.resize(4, 0);
    }

    fn expects(&self, n: i32) -> bool {
        match self.numbers.len() {
            1 | 2 => n <= 59,
            3 => n <= 999,
            _ => false,
        }
    }

    /// `TimeComposer::Write`, without the milliseconds.
    fn span(mut self) -> Option<Span> {
        self.numbers.resize(4, 0);
        let [mut hour, minute, second, millisecond] =
            [self.numbers[0], self.numbers[1], self.numbers[2], self.numbers[3]];
        if let Some(half) = self.half_of_day {
            (hour <= 12).then_some(())?;
            hour = hour % 12 + half;
        }
        let fits = hour <= 23 && minute <= 59 && second <= 59 && millisecond <= 999;
        let midnight = hour == 24 && minute == 0 && second == 0 && millisecond == 0;
        (fits || midnight).then(|| Span::new().hours(hour).minutes(minute).seconds(second))
    }
}

impl Zone {
    fn set(&mut self, hours: i32) {
        *self = Zone { sign: Some(if hours < 0 { -1 } else { 1 }), hour: Some(hours.abs()), minute: Some(0) };
    }

    fn is_empty(&self) -> bool {
        self.hour.is_none()
    }

    fn is_utc(&self) -> bool {
        self.hour == Some(0) && self.minute == Some(0)
    }

    fn expects(&self, n: i32) -> bool {
        self.hour.is_some() && self.minute.is_none() && n <= 59
    }

    /// `TimeZoneComposer::Write`: seconds east of Greenwich; `None` for the clocks of the machine.
    fn seconds(self) -> Option<i32> {
        let seconds = self.hour.unwrap_or(0).saturating_mul(3600).saturating_add(self.minute.unwrap_or(0) * 60);
        Some(self.sign? * seconds)
    }
}

/// `ReadMilliseconds`: the digits are a fraction, of which three count.
fn milliseconds(n: i32, length: usize) -> i32 {
    match length {
        1 => n * 100,
        2 => n * 10,
        3 => n,
        // nine digits are read at most
        longer => n / 10i32.pow(longer.min(9) as u32 - 3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line is a text and node's answer (`scripts/date-cases`): a clock reading, or an instant in UTC.
    #[test]
    fn texts_are_read_as_node_reads_them() {
        for line in include_str!("cases.txt").lines().filter(|line| !line.starts_with('#')) {
            let (text, expected) = line.rsplit_once(" => ").expect("a text and an answer");
            let found = match parse(text) {
                None => "invalid".to_owned(),
                Some((civil, None)) => civil.to_string(),
                Some((civil, Some(offset))) => offset.to_timestamp(civil).expect("an instant").to_string(),
            };
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn no_text_is_too_odd() {
        for text in ["(".repeat(10_000), "9".repeat(10_000), "1:".repeat(100), "-".repeat(100), "+1:+1:+1:".repeat(9)] {
            parse(&text);
        }
    }
}
