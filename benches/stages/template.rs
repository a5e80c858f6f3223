//! Liquid expanded: what kramdown gets to read.

use std::sync::Arc;

use divan::Bencher;
use divan::counter::BytesCount;

use postferry::convert::{Mapped, read_and_map};
use postferry::ledger::Ledger;
use postferry::mapping::tags_of;
use postferry::model::{Opened, Post};
use postferry::template::{Blog, liquid};

use crate::text::{self, Chance};

const POSTS: usize = 20;
const BYTES: usize = 4_000;

#[divan::bench]
fn liquid(bencher: Bencher<'_, '_>) {
    let folder = crate::blog((0..POSTS).map(|number| text::liquid(&mut Chance::new(number), BYTES)));
    let Mapped { reader, site, posts, assets, .. } =
        read_and_map(&crate::job(folder.path(), "hugo")).expect("the blog can be read");
    let read = |post: &Post| reader.reread(&site, &post.source).expect("the post can be read").1.text;
    let texts: Vec<String> = posts.iter().map(read).collect();
    let posts: Vec<Arc<Post>> = posts.into_iter().map(Arc::new).collect();
    let tags = tags_of(reader.name(), &[]).expect("the built-in tags are right");
    let blog = Blog::new(Arc::new(site), posts, assets.into(), tags);
    let bytes = texts.iter().map(String::len).sum::<usize>();
    let opened: Vec<Opened<'_>> = blog.posts.iter().zip(texts).map(|(post, text)| Opened { post, text }).collect();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        let mut ledger = Ledger::default();
        opened.iter().map(|post| liquid::expand(post, &blog, &mut ledger).len()).sum::<usize>()
    });
}
