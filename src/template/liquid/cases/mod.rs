//! Templates, and what Jekyll itself makes of them as the body of a post of the site beside them
//! (`scripts/liquid-cases`).

use std::path::Path;
use std::sync::{Arc, LazyLock};

use crate::convert::{Job, templates};
use crate::ledger::Ledger;
use crate::model::Opened;
use crate::read::jekyll::Jekyll;
use crate::template::Blog;
use crate::write::hugo::Hugo;

static SITE: LazyLock<Arc<Blog>> = LazyLock::new(|| {
    let mut job = Job::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/template/liquid/cases/site"), &Hugo);
    job.reader = Some(&Jekyll);
    job.built = "2021-06-05T04:03:02Z".parse().expect("a time");
    templates(&job).expect("the site of the cases")
});

/// Expands a template as the body of a post of the site.
fn expand(template: &str) -> (String, Ledger) {
    let mut ledger = Ledger::default();
    let at = SITE.place_of_source("_posts/2020-03-15-first-words.md").expect("the post");
    let post = SITE.posts[at].clone();
    let details = SITE.details(&post).expect("its front matter").clone();
    let opened = Opened::new(post, details, template.to_owned());
    let expanded = super::expand(&opened, &SITE, &mut ledger).into_owned();
    (expanded, ledger)
}

#[test]
fn templates_show_what_jekyll_shows() {
    let mut wrong = String::new();
    for cases in [include_str!("filters.txt"), include_str!("tags.txt")] {
        for case in cases.split("\n######## ").skip(1) {
            let (title, rest) = case.split_once('\n').expect("a title");
            let (template, expected) = rest.split_once("\n--------\n").expect("what Jekyll printed");
            let (found, _) = expand(template);
            let (found, expected) = (found.trim_end_matches('\n'), expected.trim_end_matches('\n'));
            if found != expected {
                wrong.push_str(&format!("== {title}\n"));
                let mut found = found.lines();
                for line in expected.lines() {
                    let shown = found.next().unwrap_or("");
                    if shown != line {
                        wrong.push_str(&format!("-- Jekyll\n{line}\n-- found\n{shown}\n"));
                    }
                }
                found.for_each(|line| wrong.push_str(&format!("-- found more\n{line}\n")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The codes and quotes of what was said about a template.
fn said(template: &str) -> (String, Vec<String>) {
    let (expanded, ledger) = expand(template);
    let shown = |entry: &crate::ledger::Entry| {
        format!("{:?}: {}", entry.code, entry.quote.as_deref().unwrap_or(&entry.message))
    };
    (expanded, ledger.entries().iter().map(shown).collect())
}

#[test]
fn what_jekyll_stops_at_is_kept_and_told() {
    for (template, expected, entries) in [
        ("a {% for i in (1..3) %}b", "a {% for i in (1..3) %}b", vec!["TagFailed: {% for i in (1..3) %}"]),
        ("{% if x %}a{% else %}b", "{% if x %}a{% else %}b", vec!["TagFailed: {% if x %}", "TagFailed: {% else %}"]),
        ("a{% endif %}b", "a{% endif %}b", vec!["TagFailed: {% endif %}"]),
        ("{% if true %}{% for i in x %}a{% endif %}b", "{% for i in x %}ab", vec!["TagFailed: {% for i in x %}"]),
        ("{% for nonsense %}a{% endfor %}", "{% for nonsense %}a", vec!["TagFailed: {% for nonsense %}"]),
        ("{% comment %}a{% comment %}b{% endcomment %}c", "c", vec![]),
        ("a{% raw %}b {{ c }}", "a{% raw %}b {{ c }}", vec!["TagFailed: {% raw %}"]),
        ("{{ unclosed", "{{ unclosed", vec![]),
        ("{% post_url 2001-01-01-x %}", "{% post_url 2001-01-01-x %}", vec!["TagFailed: {% post_url 2001-01-01-x %}"]),
    ] {
        let (found, told) = said(template);
        assert_eq!((found.as_str(), told), (expected, entries.into_iter().map(str::to_owned).collect()), "{template}");
    }
}

#[test]
fn what_another_run_would_answer_otherwise_is_told() {
    let (found, told) = said("{{ 'now' | date: '%Y' }} {{ site.data.words.plain | sample }}");
    assert_eq!(found, "2021 pear");
    assert_eq!(told.len(), 2, "{told:?}");
    // the time of the day would be another one with each conversion
    let (found, told) = said("{{ site.time | date: '%F %T' }}");
    assert_eq!((found.as_str(), told.len()), ("2021-06-05 00:00:00", 1), "{told:?}");
}

#[test]
fn tags_of_plugins_are_translated_or_kept() {
    // jekyll-include-cache: as `include`
    assert_eq!(said("{% include_cached show.html a=1 b='x' %}"), ("[1|X]".to_owned(), vec![]));
    assert_eq!(
        said("{% gist page.weight a.rb %}").0,
        "<script src=\"https://gist.github.com/5.js?file=a.rb\"> </script>"
    );
    let (found, told) = said("{% octicon alert %}{% github_edit_link \"x\" %}");
    assert_eq!(found, "{% octicon alert %}{% github_edit_link \"x\" %}");
    assert_eq!(told, ["TagUnknown: {% octicon alert %}", "TagUnknown: {% github_edit_link \"x\" %}"]);
    let (found, told) = said("a{% seo %}{% feed_meta %}b");
    assert_eq!((found.as_str(), told.len()), ("ab", 2));
    let (found, _) = said("{% avatar octocat size=80 %}");
    let (variable, _) = said("{% assign who = 'octocat' %}{% avatar user=who size=80 %}");
    assert_eq!(found, variable);
    assert!(found.contains("https://avatars.githubusercontent.com/octocat?v=4&s=80"), "{found}");
    assert_eq!(said("{% box x %}in{% endbox %}").0, "{% box x %}in{% endbox %}");
}

#[test]
fn texts_of_other_documents_are_html() {
    // as Jekyll's own page has them, once Markdown has let the HTML pass
    let (found, _) = said("{% assign d = site.drawers.first %}{{ d.content | strip }}|{{ d.excerpt | strip }}");
    let first = "<p><em>Short</em> and long pieces.</p>";
    let knot = "<p>More of it, with <a href=\"https://knots.example/\">a knot</a>.</p>";
    // (white space between blocks is nobody's)
    assert_eq!(found, format!("{first}\n{knot}|{first}"));
    assert_eq!(said("{{ site.drawers[1].content | strip }}").0, "<p>Bent ones, of 12 sizes.</p>");
    assert_eq!(said("{{ site.pages.first.excerpt }}").0, "");
}

#[test]
fn code_within_html_is_html() {
    let (found, _) =
        said("<div>\n{% highlight diff %}\n- a\n{% endhighlight %}\n</div>\n{% highlight c %}\nx\n{% endhighlight %}");
    let figure =
        "<figure class=\"highlight\"><pre><code class=\"language-diff\" data-lang=\"diff\">- a</code></pre></figure>";
    assert_eq!(found, format!("<div>\n{figure}\n</div>\n\n```c\nx\n```\n"));
}

#[test]
fn hostile_templates_are_read_once() {
    let openers = "{{".repeat(500_000);
    assert_eq!(expand(&openers).0, openers);
    for tag in
        ["{% if a %}", "{% for i in (1..3) %}", "{% raw %}x", "{% foo %}", "{% comment %}", "{% case x %}{% when 1 %}"]
    {
        let text = tag.repeat(2_000);
        let (found, _) = expand(&text);
        assert!(found.len() <= text.len(), "{tag}");
    }
    for text in ["{{ ", "{{ a[", "{{ a[b[", "{% if a and ", "{{ 'x' | ", "{% assign x = (((((", "{{ 'a' | f: "] {
        let text = format!("{}{}", text, "x[ | and ( , : . ".repeat(5_000));
        expand(&format!("{text} }}}}{text} %}}"));
    }
    let (found, told) = said("{% for a in (1..5000) %}{% for b in (1..5000) %}x{% endfor %}{% endfor %}");
    assert!(found.len() > 1000 && told.len() == 1, "{told:?}");
}
