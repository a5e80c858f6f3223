//! The stable codes of ledger entries: one table, one row per kind of finding.

/// How much an entry matters to the author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// For the record: nothing was lost.
    Info,
    /// Look here: repaired, guessed or approximated.
    Warning,
    /// Something of the source is not in the output.
    Loss,
    /// A document could not be converted.
    Error,
}

impl Severity {
    /// The stable name, as reports show it.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Loss => "loss",
            Severity::Error => "error",
        }
    }
}

macro_rules! codes {
    ($( $(#[doc = $doc:literal])+ $variant:ident = $name:literal, $severity:ident, $hint:literal; )+) => {
        /// A kind of finding. Its name is stable: scripts deny and count by it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $( $(#[doc = $doc])+ $variant, )+ }

        impl Code {
            /// The code of a name.
            pub fn of(name: &str) -> Option<Code> {
                Self::ALL.iter().copied().find(|code| code.name() == name)
            }

            /// Every code, in the order of the table.
            pub const ALL: &'static [Code] = &[ $( Code::$variant, )+ ];

            /// The stable name, as reports show it and `--deny` takes it.
            pub fn name(self) -> &'static str {
                match self { $( Code::$variant => $name, )+ }
            }

            /// How much entries of this code matter.
            pub fn severity(self) -> Severity {
                match self { $( Code::$variant => Severity::$severity, )+ }
            }

            /// What it says, in a sentence or two.
            pub fn describe(self) -> &'static str {
                match self { $( Code::$variant => concat!($($doc),+), )+ }
            }

            /// What to do about it, in one sentence; empty where there is nothing to do.
            pub fn hint(self) -> &'static str {
                match self { $( Code::$variant => $hint, )+ }
            }
        }
    };
}

codes! {
    /// A field went where a mapping rule sends it, under another name.
    FieldRenamed = "field-renamed", Info, "";
    /// A field that no rule names went to the target's place for custom data.
    FieldExtra = "field-extra", Info, "Name it in a mapping file (--mapping) to send it elsewhere.";
    /// A field was left out because a mapping rule says so.
    FieldDropped = "field-dropped", Info, "";
    /// An entry of the source's archive is not taken over.
    ArchiveEntryRefused = "archive-entry-refused", Loss, "Unpack the archive yourself if you trust it, and convert the folder.";
    /// A file that the blog's library names did not come along.
    MediaMissing = "media-missing", Warning, "Convert again with a copy of wp-content/uploads (--media).";
    /// A document had a status that only its source knows.
    StatusChanged = "status-changed", Info, "Publish it, or delete it.";
    /// Comments that nobody could see are left out.
    CommentSkipped = "comment-skipped", Info, "";
    /// A page that asked for a password can be read by everybody now.
    PasswordLost = "password-lost", Loss, "Make it a draft, or protect it in another way.";
    /// A field holds control characters, which were left out of it.
    ControlCharacters = "control-characters", Warning, "Take them out of the source: an editor shows them as ^@ or \\x00.";
    /// A tag or category has a name of which no page can be made; it has another one.
    TermRenamed = "term-renamed", Warning, "Rename it in the source if you would rather have another name.";
    /// A field's value does not fit its type; it was kept as custom data.
    FieldOdd = "field-odd", Warning, "Correct the value in the source, or map the field to another type.";
    /// Front matter that the source generator rejects was repaired.
    FrontMatterRepaired = "front-matter-repaired", Warning, "Check the fields of this document.";
    /// Front matter that cannot be read was kept as text.
    FrontMatterUnreadable = "front-matter-unreadable", Error, "Correct the front matter in the source and convert again.";
    /// A post without the front matter that its generator asks for.
    FrontMatterMissing = "front-matter-missing", Warning, "Add front matter to publish it.";
    /// A key stands twice; the generator's own rule chose one.
    DuplicateKey = "duplicate-key", Warning, "Remove one of the two.";
    /// A date could not be read.
    DateUnreadable = "date-unreadable", Warning, "Write it as 2020-01-31 10:00:00 +0800.";
    /// A document has no date anywhere.
    DateMissing = "date-missing", Warning, "Add a date to the front matter.";
    /// Bytes that are not UTF-8 were read by a guess.
    EncodingGuessed = "encoding-guessed", Warning, "Save the file as UTF-8.";
    /// A file could not be read or converted.
    FileFailed = "file-failed", Error, "";
    /// A name or a symbolic link leads out of the source's folder; nothing is read there.
    OutsideSource = "outside-source", Loss, "Copy what it leads to into the folder of the source.";
    /// A file of the source is not published by its generator and was not taken over.
    FileSkipped = "file-skipped", Info, "";
    /// A draft has no place in a target that only holds what is published.
    DraftSkipped = "draft-skipped", Info, "Convert to hugo or zola to keep drafts.";
    /// Two documents claim one path of the output.
    PathConflict = "path-conflict", Loss, "Give one of them another slug or permalink.";
    /// A file keeps a name that not every system takes.
    NameUnportable = "name-unportable", Warning, "Rename it before the folder is used on such a system.";
    /// An address was changed because the target cannot serve it, or because it would leave the site.
    AddressChanged = "address-changed", Warning, "Redirect the old address.";
    /// A list of the old site has no counterpart on the new one.
    ListGone = "list-gone", Warning, "Write the starter theme (--theme starter), or redirect its address.";
    /// A redirect of the source leads to another one, or in a circle.
    RedirectTangled = "redirect-tangled", Warning, "Let it lead to its end in the source.";
    /// A permalink pattern names something unknown.
    PermalinkUnknown = "permalink-unknown", Warning, "Correct the pattern, or pass one with --permalink.";
    /// Text that the target would take for a shortcode was made harmless.
    ShortcodeEscaped = "shortcode-escaped", Info, "";
    /// A construct of the source was translated into another form.
    BodyTranslated = "body-translated", Info, "";
    /// HTML in a text was left out, as the source generator left it out of the old page.
    HtmlOmitted = "html-omitted", Warning, "Allow HTML in the source (`unsafe = true`) and convert again, if it is to be shown.";
    /// A block was written anew because the target would read it differently.
    BlockRewritten = "block-rewritten", Info, "";
    /// A block became HTML because the target has no other way to say it.
    BlockHtml = "block-html", Warning, "";
    /// A block that the target shows differently in spite of all means.
    BlockDiffers = "block-differs", Warning, "Compare the two pages.";
    /// A formula could not be set as MathML; its TeX stands on the page as it was typed.
    FormulaUnset = "formula-unset", Warning, "Write it in LaTeX's own commands, without those of a package or a script.";
    /// The target sets no formulas such as the blog has: readers see their TeX.
    FormulasAsTex = "formulas-as-tex", Warning, "Put a script there that sets them.";
    /// A tag of a plugin that is not there was kept visible as typed.
    TagUnknown = "tag-unknown", Loss, "Describe the tag in a tag map (--mapping).";
    /// A tag or expression could not be evaluated.
    TagFailed = "tag-failed", Loss, "";
    /// Bodies are read by the rules of another engine than the one that made the old pages, or by none.
    DialectUnsupported = "dialect-unsupported", Warning, "Compare pages with those of the old site.";
    /// Which engine made the old pages was told by something else than its name.
    RendererAssumed = "renderer-assumed", Info, "Compare some pages with the old site.";
    /// A link points at nothing in the source already.
    LinkDeadBefore = "link-dead-before", Info, "Correct the link, or take it out.";
    /// A link that led somewhere on the old site leads nowhere on the new one.
    LinkDead = "link-dead", Loss, "Keep what it leads to, or redirect its address (--redirects).";
    /// A link leads to nothing that can be seen, and something that cannot be seen may have made it.
    LinkUnknown = "link-unknown", Info, "Follow it on the old site.";
    /// The configuration says something that has no place in the target.
    ConfigIgnored = "config-ignored", Info, "";
}
