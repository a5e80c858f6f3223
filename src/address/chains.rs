//! Documents that only send their readers on: straight to the end, and never in a circle.

use std::collections::HashMap;

use super::lists::bare;
use crate::ledger::{Code, Ledger};
use crate::model::{Place, Post, Site};

/// Makes every redirect of the source lead to its end. One that leads in a circle is taken off its document, which
/// keeps it as custom data under another name.
pub fn untangle(posts: &mut [Post], site: &Site, ledger: &mut Ledger) {
    if posts.iter().all(|post| post.seldom().redirect_to.is_none()) {
        return;
    }
    let ends: Vec<Option<End>> = {
        let published = posts.iter().enumerate().filter(|(_, post)| !post.draft);
        let of = |(at, post): (usize, &Post)| {
            let olds: Vec<String> = post.addresses().map(|old| bare(old).to_owned()).collect();
            olds.into_iter().map(move |old| (old, at))
        };
        let known: HashMap<String, usize> = published.flat_map(of).collect();
        (0..posts.len()).map(|at| end(at, posts, &known, site)).collect()
    };
    for (post, end) in posts.iter_mut().zip(ends) {
        let place = || Place::top(post.source.clone());
        match end {
            Some(End::Circle) => {
                let message =
                    format!("sends its readers in a circle, from {} on; it is a page like others now", post.address);
                ledger.add(Code::RedirectTangled, place(), message);
                let kept = post.seldom_mut().redirect_to.take().unwrap_or_default();
                post.seldom_mut().added.push(("redirect_in_a_circle", kept));
            }
            Some(End::Chain(last)) => {
                let message = format!("sends its readers on to a page that does so too; it leads to {last} now");
                ledger.add(Code::RedirectTangled, place(), message);
                post.seldom_mut().redirect_to = Some(last);
            }
            None => {}
        }
    }
}

/// Where a redirect leads that is more than one step.
enum End {
    Circle,
    Chain(String),
}

fn end(start: usize, posts: &[Post], known: &HashMap<String, usize>, site: &Site) -> Option<End> {
    let root = format!("{}{}", site.host, site.base_path);
    let next = |at: usize| {
        let to = posts[at].seldom().redirect_to.as_deref()?;
        let below = if site.host.is_empty() { to } else { to.strip_prefix(&root).unwrap_or(to) };
        Some((to, known.get(bare(below.split(['?', '#']).next().unwrap_or(""))).copied()))
    };
    let (mut to, mut at) = next(start)?;
    let mut passed = vec![start];
    while let Some(document) = at {
        if passed.contains(&document) {
            return Some(End::Circle);
        }
        passed.push(document);
        let Some((further, document)) = next(document) else { break };
        (to, at) = (further, document);
    }
    (posts[start].seldom().redirect_to.as_deref() != Some(to)).then(|| End::Chain(to.to_owned()))
}
