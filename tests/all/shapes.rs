//! Work never grows faster than its input: whole conversions of one post that is one shape again and again, and templates
//! that multiply.

use std::fs;
use std::time::{Duration, Instant};

use postferry::ledger::Code;
use postferry::write::Theme;

use crate::convert;
use crate::smallest::Smallest;

/// What is repeated, with its number for `%`.
const SHAPES: &[&str] = &[
    "## Same\n\n",
    "Same\n----\n\n",
    "## H%\n\n",
    "[a](b) ",
    "[a][b] ",
    "[r%]: /x%\n",
    "a[^%]\n\n[^%]: x\n\n",
    "a[^1] ",
    "[",
    "[a](",
    "![",
    "`",
    "``a` ",
    "*",
    "**a ",
    "*a ",
    "_a ",
    "~",
    "~~a ",
    "$a ",
    "$$ ",
    "<a ",
    "<b>",
    "<div>\n",
    "</div>\n",
    "<!-- ",
    "<? ",
    "<![CDATA[ ",
    "&",
    "http://a.b ",
    "www.a.b ",
    "a@b.c ",
    "\\",
    "> a\n",
    "- a\n",
    "1. a\n",
    "- ",
    "|a|b|\n",
    "|a|b|\n|-|-|\n|c|d|\n\n",
    "```\n",
    "~~~ a\nx\n",
    "    a\n\n",
    "---\n\n",
    "a\n: b\n\n",
    "*[A%]: x\n",
    "{: .a}\n",
    "a{: .b} ",
    "{::comment} ",
    "\"a ",
    "... ",
    "a  \n",
    "{{ ",
    "{{ x }} ",
    "{% ",
    "{% x %} ",
    "{% if x %} ",
    "{% for i in (1..3) %} ",
    "{% raw %} ",
    "{% raw %}a{% endraw %} ",
    "{% note %} ",
    "{% note info %}a{% endnote %}\n",
    "{% include a.html %} ",
    "{% assign x = x | append: \"a\" %}",
    "{% highlight js %}\na\n{% endhighlight %}\n",
    "{% codeblock %}\na\n{% endcodeblock %}\n",
    "{% post_link ok %} ",
    "<!-- more -->\n",
    "- [ ] a\n",
    "> a\nb\n",
    "\ta\n",
    "中文*a*，",
    "# ",
    "a\n===\n",
    "<a href=\"",
    "<x a=\"b\" ",
    "![a](b.png \"t\")\n",
    "<p>a</p>\n\n",
    "<p>a\n\n",
    "<div markdown=\"1\">\n",
    "<details><summary>a</summary>\n\n",
    "<script>",
    "<pre>",
    "\\(a\\) ",
    "\\( $$ { \\begin{a} ",
    "$$\na\n$$\n\n",
    "{{< a >}} ",
    "{{< a >}}b{{< /a >}} ",
    "{{< figure src=a ",
    "{{< highlight go >}}",
    "{% a(b=1) %}",
    "{{ a(b=\"",
    "8~9 ",
    "~~a~ ",
    "\\(a_% ",
    ":a%:",
    "{{% a %}} ",
];

fn blog(generator: &str, body: &str) -> tempfile::TempDir {
    let smallest = Smallest::of(generator);
    let post = smallest.post("title: P\nmathjax: true\n", body);
    smallest.with_files([&*post])
}

/// How long this thread has run, by the kernel's own count where there is one: what else the machine does does not count.
fn spent(begun: Instant) -> Duration {
    let counted = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = counted.and_then(|counted| counted.split_whitespace().next()?.parse().ok());
    nanoseconds.map_or_else(|| begun.elapsed(), Duration::from_nanos)
}

/// How long the conversion of a text takes, everything made, on one thread.
fn needed(generator: &str, target: &str, body: &str) -> Duration {
    let source = blog(generator, body);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    pool.install(|| {
        let begun = Instant::now();
        let start = spent(begun);
        convert(source.path(), target, Theme::None);
        spent(begun) - start
    })
}

fn text(shape: &str, length: usize) -> String {
    let mut text = String::with_capacity(length);
    for number in 0.. {
        if text.len() >= length {
            break;
        }
        text.push_str(&shape.replace('%', &number.to_string()));
    }
    text
}

fn four_times_the_text_takes_about_four_times_as_long(generator: &str) {
    const SHORT: usize = 8_000;
    // a square would take sixteen times as long
    const MOST: u32 = 8;
    const HARMLESS: Duration = Duration::from_millis(200);
    let mut slow = String::new();
    for shape in SHAPES {
        for target in ["hugo", "html"] {
            // a tag's own mark is no number
            let fill = |length| {
                if shape.contains("{%") || shape.contains("%}") {
                    shape.repeat(length / shape.len())
                } else {
                    text(shape, length)
                }
            };
            let long = needed(generator, target, &fill(4 * SHORT));
            if long < HARMLESS {
                continue;
            }
            let short = needed(generator, target, &fill(SHORT));
            if long > short * MOST {
                slow.push_str(&format!("{shape:?} to {target}: {short:?}, {long:?}\n"));
            }
        }
    }
    assert!(slow.is_empty(), "{slow}");
}

#[test]
fn work_grows_with_the_text_of_hugo() {
    four_times_the_text_takes_about_four_times_as_long("hugo");
}

#[test]
fn work_grows_with_the_text_of_zola() {
    four_times_the_text_takes_about_four_times_as_long("zola");
}

#[test]
fn work_grows_with_the_text_of_jekyll() {
    four_times_the_text_takes_about_four_times_as_long("jekyll");
}

#[test]
fn work_grows_with_the_text_of_hexo() {
    four_times_the_text_takes_about_four_times_as_long("hexo");
}

#[test]
fn work_grows_with_the_text_of_ink() {
    four_times_the_text_takes_about_four_times_as_long("ink");
}

#[test]
fn templates_that_multiply_end() {
    for template in [
        format!("{{% assign x = 'aaaaaaaaaa' %}}{}{{{{ x }}}}", "{% assign x = x | append: x %}".repeat(40)),
        format!("{{% assign x = 'aaaaaaaaaa' %}}{}{{{{ x }}}}", "{% assign x = x | replace: 'a', x %}".repeat(8)),
        format!("{{% assign x = 'a a a a' | split: ' ' %}}{}{{{{ x }}}}", "{% assign x = x | concat: x %}".repeat(40)),
        format!("{{% assign x = 'a a' | split: ' ' %}}{}{{{{ x }}}}", "{% assign x = x | push: x %}".repeat(400)),
        format!("{{% assign x = 'a\"' %}}{}{{{{ x }}}}", "{% assign x = x | jsonify %}".repeat(40)),
        format!("{{% assign x = 'a' %}}{}", "{% capture x %}{{ x }}{{ x }}{% endcapture %}".repeat(40)),
        format!("{}x", "{% for i in (1..300) %}".repeat(10)),
        format!("{}xxxxxxxxxx{}", "{% for i in (1..300) %}".repeat(5), "{% endfor %}".repeat(5)),
    ] {
        let source = blog("jekyll", &template);
        let outcome = convert(source.path(), "html", Theme::None);
        let told = outcome.ledger.entries().iter().any(|entry| entry.code == Code::TagFailed);
        assert!(told, "{}", &template[..60]);
    }
}
