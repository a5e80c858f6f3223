//! Texts for the benches: the same for the same number, on every machine.

use std::fmt::Write;

const WORDS: [&str; 32] = [
    "harbour", "lamp", "tide", "rope", "the", "and", "a", "of", "slow", "bright", "under", "winter", "boat", "keeper",
    "letter", "stone", "quay", "with", "evening", "salt", "paint", "north", "Wind", "gull", "über", "茶", "when",
    "rusty", "map", "drawn", "from", "memory",
];

/// Numbers that look like chance and are none (a linear congruential generator, Knuth's constants).
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: usize) -> Self {
        Chance(seed as u64 ^ 0x9E37_79B9_7F4A_7C15)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn words(&mut self, count: usize) -> String {
        let words: Vec<&str> = (0..count).map(|_| WORDS[self.below(WORDS.len())]).collect();
        words.join(" ")
    }
}

/// A day for each number, none twice in many years.
pub fn day(number: usize) -> String {
    format!("{}-{:02}-{:02}", 2000 + number / 336 % 24, number / 28 % 12 + 1, number % 28 + 1)
}

/// Front matter as most posts have it.
pub fn front_matter(number: usize) -> String {
    let mut chance = Chance::new(number);
    let (title, tag, mood) = (chance.words(5), chance.words(1), chance.words(2));
    format!(
        "layout: post\ntitle: \"Post {number}: {title}\"\ndate: {} 10:00:00 +0200\ntags: [{tag}, notes]\n\
         categories:\n  - log\nmood: {mood}\nimage:\n  path: /assets/{number}.png\n  alt: '{tag}'\n",
        day(number)
    )
}

/// Text that every dialect reads alike.
pub fn prose(chance: &mut Chance, bytes: usize) -> String {
    let mut out = String::new();
    while out.len() < bytes {
        match chance.below(6) {
            0 => writeln!(out, "## {}\n", chance.words(4)),
            1 => writeln!(out, "- {}\n- {}\n- {}\n", chance.words(6), chance.words(3), chance.words(9)),
            2 => writeln!(out, "```rust\nlet {} = {};\n```\n", chance.words(1), chance.below(100)),
            3 => writeln!(out, "> {}\n", chance.words(20)),
            _ => writeln!(
                out,
                "{}, *{}* {}, **{}**.\n",
                chance.words(30),
                chance.words(2),
                chance.words(25),
                chance.words(1)
            ),
        }
        .expect("a string takes all");
    }
    out
}

/// Text in which the dialects differ: what the self-check has to find and to mend.
pub fn quirks(chance: &mut Chance, bytes: usize) -> String {
    let mut out = String::new();
    while out.len() < bytes {
        match chance.below(6) {
            0 => writeln!(out, "{}\n{{: .note #n{}}}\n", chance.words(12), chance.below(10_000)),
            1 => writeln!(out, "{}\n: {}\n: {}\n", chance.words(1), chance.words(9), chance.words(4)),
            2 => writeln!(
                out,
                "| {} | {}\n|---|---\n| {} | {}\n",
                chance.words(1),
                chance.words(1),
                chance.words(2),
                chance.words(3)
            ),
            3 => writeln!(
                out,
                "{}[^{}] $$x_{}$$\n\n[^{}]: {}\n",
                chance.words(8),
                out.len(),
                chance.below(9),
                out.len(),
                chance.words(6)
            ),
            4 => writeln!(out, "<div markdown=\"1\">\n*{}*\n</div>\n", chance.words(7)),
            _ => writeln!(
                out,
                "1. {}\n2. {}\n   * {}\n\n\"{}\" -- {} 1/2...\n",
                chance.words(4),
                chance.words(4),
                chance.words(4),
                chance.words(8),
                chance.words(5)
            ),
        }
        .expect("a string takes all");
    }
    out
}

/// Links to the posts of a blog with so many of them, and to what is not there.
pub fn links(chance: &mut Chance, bytes: usize, posts: usize) -> String {
    let mut out = String::new();
    while out.len() < bytes {
        let number = chance.below(posts);
        let address = format!("/log/{}/post-{number}.html", day(number).replace('-', "/"));
        match chance.below(5) {
            0 => writeln!(out, "[{}](https://bench.example{address}) {}\n", chance.words(2), chance.words(8)),
            1 => writeln!(out, "![{}](/assets/{number}.png \"{}\")\n", chance.words(2), chance.words(3)),
            2 => writeln!(
                out,
                "[{}][r{}] {}\n\n[r{}]: {address}\n",
                chance.words(2),
                out.len(),
                chance.words(9),
                out.len()
            ),
            3 => writeln!(out, "<a href=\"{address}#top\">{}</a>\n", chance.words(4)),
            _ => {
                writeln!(out, "[{}]({address}) {} <https://else.example/{number}>\n", chance.words(2), chance.words(12))
            }
        }
        .expect("a string takes all");
    }
    out
}

/// Liquid as posts use it: variables, filters, conditions and loops.
pub fn liquid(chance: &mut Chance, bytes: usize) -> String {
    let mut out = String::new();
    while out.len() < bytes {
        match chance.below(5) {
            0 => writeln!(
                out,
                "{{{{ page.title | upcase | truncate: {} }}}} {}\n",
                chance.below(20) + 5,
                chance.words(10)
            ),
            1 => writeln!(
                out,
                "{{% if page.mood == \"{}\" %}}{}{{% else %}}{}{{% endif %}}\n",
                chance.words(1),
                chance.words(5),
                chance.words(5)
            ),
            2 => writeln!(
                out,
                "{{% for tag in page.tags %}}\n* {{{{ tag | capitalize }}}} {}\n{{% endfor %}}\n",
                chance.words(2)
            ),
            3 => writeln!(
                out,
                "{{% assign n = {} | times: 3 | plus: 1 %}}{{{{ n }}}} {}\n",
                chance.below(100),
                chance.words(10)
            ),
            _ => writeln!(out, "{}\n", chance.words(40)),
        }
        .expect("a string takes all");
    }
    out
}
