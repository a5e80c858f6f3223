//! Where on a built page stands what is compared: `mappings/verify.toml`, and what the user says.

use serde::Deserialize;

use super::select::{Selector, WrongSelector};

const BUILT_IN: &str = include_str!("../../mappings/verify.toml");

/// The marks by which a page is read.
#[derive(Debug, Clone)]
pub struct Marks {
    /// The text of a document: the first that a page has.
    pub content: Vec<Selector>,
    /// The part of a page in which the text stands among other things.
    pub regions: Vec<Selector>,
    /// What else stands in such a part.
    pub around: Vec<Selector>,
    /// What is drawn into a text by generators and themes.
    pub drawn: Vec<Selector>,
    /// Footnotes.
    pub footnotes: Vec<Selector>,
    /// The title of a document.
    pub titles: Vec<Selector>,
    /// When it was published.
    pub published: Vec<Selector>,
    /// When it was changed.
    pub updated: Vec<Selector>,
    /// What it is filed under.
    pub terms: Vec<Selector>,
    /// What makes a page a list.
    pub lists: Vec<Selector>,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MarksFile {
    content: Vec<String>,
    regions: Vec<String>,
    around: Vec<String>,
    drawn: Vec<String>,
    footnotes: Vec<String>,
    titles: Vec<String>,
    published: Vec<String>,
    updated: Vec<String>,
    terms: Vec<String>,
    lists: Vec<String>,
}

impl Marks {
    /// The built-in marks, and before them where the user says that the text of a document stands.
    ///
    /// # Errors
    /// Where a selector is not understood.
    pub fn with_content(selectors: &[String]) -> Result<Marks, WrongSelector> {
        let file: MarksFile = toml::from_str(BUILT_IN).map_err(|_| WrongSelector("mappings/verify.toml".to_owned()))?;
        let all = |texts: &[String]| texts.iter().map(|text| Selector::parse(text)).collect::<Result<Vec<_>, _>>();
        let mut content = all(selectors)?;
        content.extend(all(&file.content)?);
        Ok(Marks {
            content,
            regions: all(&file.regions)?,
            around: all(&file.around)?,
            drawn: all(&file.drawn)?,
            footnotes: all(&file.footnotes)?,
            titles: all(&file.titles)?,
            published: all(&file.published)?,
            updated: all(&file.updated)?,
            terms: all(&file.terms)?,
            lists: all(&file.lists)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_marks_are_right() {
        let marks = Marks::with_content(&["#mine".to_owned()]).expect("marks");
        assert_eq!(marks.content[0], Selector::parse("#mine").expect("a selector"));
    }
}
