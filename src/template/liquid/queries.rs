//! Jekyll's filters that evaluate an expression for each item (`filters.rb`, `grouping_filters.rb`).

use std::collections::HashMap;

use super::expression::{Condition, Filtered};
use super::filters::lists::group;
use super::render::{Host, Renderer};
use super::value::{LiquidMap, LiquidValue};

impl<'v, H: Host<'v>> Renderer<'_, 'v, H> {
    /// `where_exp`, `find_exp` and `group_by_exp`: a variable's name, then what is asked of it.
    pub(super) fn query(
        &mut self,
        name: &str,
        input: &LiquidValue<'v>,
        arguments: &[LiquidValue<'v>],
    ) -> Option<LiquidValue<'v>> {
        if !matches!(name, "where_exp" | "find_exp" | "group_by_exp") {
            return None;
        }
        let [variable, asked, ..] = arguments else { return Some(input.clone()) };
        let (variable, asked) = (variable.to_text(), asked.to_text());
        let items = match (input, name) {
            // a map stands for its values, but not where groups are made of it
            (LiquidValue::Map(map), "where_exp" | "find_exp") if !matches!(map, LiquidMap::Document(_)) => {
                map.entries().into_iter().map(|(_, value)| value).collect()
            }
            _ => match input.enumerate() {
                Some(items) => items,
                None => return Some(input.clone()),
            },
        };
        if name == "group_by_exp" {
            return Some(self.grouped(items, &variable, &Filtered::parse(&asked)));
        }
        let condition = Condition::parse(&asked);
        let mut found = Vec::new();
        for item in items {
            if !self.may_go_on(0) {
                break;
            }
            if self.with(&variable, item.clone(), |renderer| renderer.holds(&condition)) {
                if name == "find_exp" {
                    return Some(item);
                }
                found.push(item);
            }
        }
        Some(if name == "find_exp" { LiquidValue::Nil } else { found.into() })
    }

    fn grouped(&mut self, items: Vec<LiquidValue<'v>>, variable: &str, asked: &Filtered) -> LiquidValue<'v> {
        let mut groups: Vec<(LiquidValue<'v>, Vec<LiquidValue<'v>>)> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for item in items {
            if !self.may_go_on(0) {
                break;
            }
            let name = self.with(variable, item.clone(), |renderer| renderer.filtered(asked));
            let at = *known.entry(name.inspect()).or_insert(groups.len());
            match groups.get_mut(at) {
                Some((_, members)) => members.push(item),
                None => groups.push((name, vec![item])),
            }
        }
        group(groups)
    }
}
