//! The model in the middle: a reader knows its generator and this, a writer knows this and its target.

mod date;
mod list;
mod mistake;
mod place;
mod post;
mod site;
mod target;
mod value;

pub use date::Moment;
pub use list::{FeedFormat, List, Shows, Taxonomy};
pub use mistake::Mistake;
pub use place::Place;
pub use post::{Body, Details, Dialect, Document, DocumentKind, FEED_ID, Opened, Post, Seldom, Teaser, Written};
pub use site::{
    Asset, Author, Blackfriday, CommonMark, CommonMarkEngine, Formulas, HeadingIds, IdText, MarkupSettings, MenuLink,
    RawHtml, Site,
};
pub use target::Target;
pub use value::{Field, Fields, Map, Stamp, Value};
