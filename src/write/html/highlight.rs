//! The words of code in classes, at build time: what is shown is coloured by the stylesheet, and what is copied is what was
//! typed.

use std::sync::LazyLock;

use html5gum::{Token, Tokenizer};
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use crate::escape::escape_text;

/// Code longer than this stays as it is: nobody reads it for its colours.
const LONGEST: usize = 64 * 1024;

/// Grammars take longer than in proportion for lines of this length.
const LONGEST_LINE: usize = 1000;

/// The grammars, unpacked when there is code to be read by them.
static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// What the parts of code are by the names that grammars give them, and the class of each: those that Pygments writes, so
/// that one stylesheet does for what Hugo, Jekyll and this have highlighted. What comes first counts.
static CLASSES: LazyLock<Vec<(Scope, &'static str)>> = LazyLock::new(|| {
    const NAMES: [(&str, &str); 17] = [
        ("comment", "c"),
        ("markup.inserted", "gi"),
        ("markup.deleted", "gd"),
        ("markup.heading", "gh"),
        ("string", "s"),
        ("constant.character.escape", "se"),
        ("constant.numeric", "m"),
        ("constant.language", "kc"),
        ("entity.name.function", "nf"),
        ("support.function", "nf"),
        ("entity.name.tag", "nt"),
        ("entity.other.attribute-name", "na"),
        ("entity.name", "nc"),
        ("support.type", "kt"),
        ("storage.type", "k"),
        ("storage", "k"),
        ("keyword", "k"),
    ];
    NAMES.iter().filter_map(|(name, class)| Some((Scope::new(name).ok()?, *class))).collect()
});

/// Puts the words of every block of code into classes whose language is named. Nothing else of the text changes.
pub fn highlight(text: &str) -> Option<String> {
    const OPEN: &str = "<pre><code class=\"language-";
    const CLOSE: &str = "</code></pre>";
    let mut out: Option<String> = None;
    let mut done = 0;
    let mut from = 0;
    while let Some(open) = text[from..].find(OPEN).map(|at| from + at) {
        let named = open + OPEN.len();
        let Some(quote) = text[named..].find("\">").map(|at| named + at) else { break };
        let start = quote + 2;
        let Some(end) = text[start..].find(CLOSE).map(|at| start + at) else { break };
        from = end;
        if let Some(classed) = classed(&text[named..quote], &text[start..end]) {
            let out = out.get_or_insert_with(|| String::with_capacity(text.len() * 2));
            // where a stylesheet looks for it
            out.push_str(&text[done..open]);
            out.push_str("<pre class=\"highlight\"><code class=\"language-");
            out.push_str(&text[named..start]);
            out.push_str(&classed);
            done = end;
        }
    }
    out.map(|mut out| {
        out.push_str(&text[done..]);
        out
    })
}

/// The same code with its words in classes; `None` where it is in no known language, or has marks of its own.
fn classed(language: &str, code: &str) -> Option<String> {
    if code.len() > LONGEST || code.contains('<') || code.lines().any(|line| line.len() > LONGEST_LINE) {
        return None;
    }
    let typed = text_of(code);
    let syntax = syntax(language)?;
    let mut state = ParseState::new(syntax);
    let mut scopes = ScopeStack::new();
    let mut out = String::with_capacity(code.len() * 2);
    for line in typed.split_inclusive('\n') {
        let changes = state.parse_line(line, &SYNTAXES).ok()?;
        let mut from = 0;
        for (at, change) in changes {
            piece(&line[from..at], &scopes, &mut out);
            from = at;
            scopes.apply(&change).ok()?;
        }
        piece(&line[from..], &scopes, &mut out);
    }
    Some(out)
}

/// What the text of a block of code stands for.
fn text_of(code: &str) -> String {
    let mut text = String::new();
    for token in Tokenizer::new(code).flatten() {
        if let Token::String(part) = token {
            text.push_str(&String::from_utf8_lossy(&part));
        }
    }
    text
}

fn piece(text: &str, scopes: &ScopeStack, out: &mut String) {
    let class = (!text.trim().is_empty()).then(|| class(scopes)).flatten();
    match class {
        Some(class) => {
            out.push_str("<span class=\"");
            out.push_str(class);
            out.push_str("\">");
            escape_text(text, out);
            out.push_str("</span>");
        }
        None => escape_text(text, out),
    }
}

/// By the innermost name that has a class.
fn class(scopes: &ScopeStack) -> Option<&'static str> {
    let of = |scope: &Scope| CLASSES.iter().find(|(name, _)| name.is_prefix_of(*scope)).map(|(_, class)| *class);
    // operators and punctuation are what is between words
    let is_plain = |scope: &Scope| {
        let name = scope.build_string();
        name.starts_with("keyword.operator") && !name.contains("word")
    };
    scopes
        .scopes
        .iter()
        .rev()
        .find_map(|scope| of(scope).map(|class| (class, scope)))
        .filter(|(_, scope)| !is_plain(scope))
        .map(|(class, _)| class)
}

/// The grammar of a language, by any of the names that bloggers give it.
fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    let name = language.split([' ', ',', '{']).next().unwrap_or("").to_lowercase();
    let name = match name.as_str() {
        "" | "text" | "plain" | "plaintext" | "txt" | "none" | "output" => return None,
        "shell" | "console" | "shell-session" | "sh-session" | "zsh" => "bash",
        "objc" | "objectivec" | "oc" => "m",
        "golang" => "go",
        "c#" | "csharp" => "cs",
        "f#" | "fsharp" => "fs",
        "node" | "ecmascript" | "jsx" => "js",
        "docker" => "dockerfile",
        "viml" => "vim",
        "elisp" | "emacs-lisp" => "el",
        "jinja2" | "django" => "jinja2",
        "json5" | "jsonc" => "json",
        "mysql" | "postgresql" | "plsql" => "sql",
        "vue-html" => "vue",
        "make" => "makefile",
        other => other,
    };
    SYNTAXES.find_syntax_by_token(name).filter(|syntax| syntax.name != "Plain Text")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(language: &str, code: &str) -> String {
        format!("a<pre><code class=\"language-{language}\">{code}</code></pre>b")
    }

    #[test]
    fn words_are_put_into_classes_and_the_text_stays() {
        let out = highlight(&code("js", "// x &lt; y\nconst a = \"&amp;\";\n")).unwrap();
        assert!(out.starts_with("a<pre class=\"highlight\"><code class=\"language-js\"><span class=\"c\">"), "{out}");
        assert!(out.contains("<span class=\"k\">const</span>") && out.ends_with("</code></pre>b"), "{out}");
        assert_eq!(text_of(&out), "a// x < y\nconst a = \"&\";\nb");
    }

    #[test]
    fn what_is_in_no_known_language_stays_as_it_is() {
        for (language, text) in [("text", "a"), ("描述", "a"), ("js", "<b>a</b>"), ("js", &"a".repeat(2000))] {
            assert_eq!(highlight(&code(language, text)), None, "{language}");
        }
        assert_eq!(highlight("<p>a</p>"), None);
        assert_eq!(highlight("<pre><code class=\"language-js\">"), None);
    }

    #[test]
    fn languages_have_many_names() {
        for name in [
            "js",
            "JavaScript",
            "ts",
            "typescript",
            "c++",
            "cpp",
            "C",
            "objc",
            "sh",
            "shell",
            "bash",
            "python",
            "py",
            "ruby",
            "rb",
            "go",
            "golang",
            "java",
            "kotlin",
            "swift",
            "rust",
            "html",
            "xml",
            "css",
            "scss",
            "json",
            "yaml",
            "yml",
            "toml",
            "sql",
            "diff",
            "php",
            "lua",
            "haskell",
            "scala",
            "makefile",
            "dockerfile",
            "c#",
            "jsx",
            "tsx",
            "latex",
        ] {
            assert!(syntax(name).is_some(), "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_text_of_code_never_changes(text in "[ -~\n\t\u{4e00}-\u{4e10}]{0,200}", name in "(js|python|c\\+\\+|html|bash|yaml|md)") {
            let mut escaped = String::new();
            escape_text(&text, &mut escaped);
            if let Some(out) = highlight(&code(&name, &escaped)) {
                proptest::prop_assert_eq!(text_of(&out), format!("a{text}b"));
            }
        }
    }
}
