//! Text that the target would take for its own template syntax is made harmless, in code too.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::model::Target;

/// Protects a finished body; the second value says how many places were changed.
pub fn protect(text: &str, target: Target) -> (Cow<'_, str>, usize) {
    match target {
        Target::Hugo => hugo(text),
        Target::Zola => zola(text),
        Target::Html => (Cow::Borrowed(text), 0),
    }
}

/// Hugo (`pagelexer_shortcode.go`): `{{<` and `{{%` begin a shortcode everywhere, code included. With a comment
/// inside the delimiters it is shown as it stands; without a closing delimiter there is no such form, and a zero-width
/// space stands between the braces, in text and in code.
fn hugo(text: &str) -> (Cow<'_, str>, usize) {
    static SHORTCODE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\{\{<(?P<a>[^\n]*?)>\}\}|\{\{%(?P<b>[^\n]*?)%\}\}|\{\{[<%]").expect("a valid pattern")
    });
    let mut count = 0;
    let changed = SHORTCODE.replace_all(text, |found: &Captures<'_>| {
        count += 1;
        let (mark, inner) = match (found.name("a"), found.name("b")) {
            (Some(inner), _) => (('<', '>'), inner.as_str()),
            (_, Some(inner)) => (('%', '%'), inner.as_str()),
            _ => return found[0].replacen("{{", "{\u{200b}{", 1),
        };
        format!("{{{{{}/*{inner}*/{}}}}}", mark.0, mark.1)
    });
    (changed, count)
}

/// Zola (`content.pest`): only `{{ name(…) }}`, `{% name(…) %}` and `{% end %}` are shortcodes, code included, and only
/// where each argument has a name and a literal value; with a comment inside the delimiters a call is shown as it stands.
fn zola(text: &str) -> (Cow<'_, str>, usize) {
    static CALL: LazyLock<Regex> = LazyLock::new(|| {
        let name = r"[A-Za-z_][A-Za-z0-9_]*";
        let argument = format!(r#"{name}\s*=\s*(?:["'`\[0-9-]|[Tt]rue|[Ff]alse)[^{{}}]*?"#);
        let call = format!(r"-?\s*{name}(?:::{name})*\(\s*(?:{argument})?\s*\)\s*-?");
        Regex::new(&format!(
            r"\{{\{{(?P<a>{call})\}}\}}|\{{%(?P<b>{call})%\}}|\{{%(?P<c>-?\s*end\s*-?)%\}}|\{{\{{/\*|\{{%/\*"
        ))
        .expect("a valid pattern")
    });
    let mut count = 0;
    let changed = CALL.replace_all(text, |found: &Captures<'_>| {
        count += 1;
        match found.name("a") {
            Some(call) => format!("{{{{/*{}*/}}}}", call.as_str()),
            // a comment would need the call and its end as a pair: a zero-width space works in text and in code
            None => found[0].replacen('{', "{\u{200b}", 1),
        }
    });
    (changed, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hugo_shortcodes_are_commented_out() {
        assert_eq!(protect("a {{< x y >}} b {{% z %}}", Target::Hugo).0, "a {{</* x y */>}} b {{%/* z */%}}");
        assert_eq!(protect("{{ .Title }} {% if %}", Target::Hugo), (Cow::Borrowed("{{ .Title }} {% if %}"), 0));
    }

    #[test]
    fn zola_takes_only_calls_for_shortcodes() {
        assert_eq!(protect("{{ site.url }} {% highlight x %}", Target::Zola).1, 0);
        assert_eq!(protect("{{ now() }} {% end %} {{ a(b=\"c\") }}", Target::Zola).1, 3);
        assert_eq!(protect("{{ now(\"Y\") }} {{ a(b) }} {{ a(b=c) }}", Target::Zola).1, 0);
    }
}
