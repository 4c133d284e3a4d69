//! A random page with a reader of its own, as an oracle: the tree is kept in the plainest way, and batches are
//! written as the reader in the browser writes them.

#![expect(clippy::unwrap_used, reason = "a source that is wrong about itself is to stop the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use cobrowse::Batch;
use cobrowse::masking::FieldValue;
use cobrowse::node::{Content, NodeId};
use cobrowse::page::Page;
use cobrowse::recorder::Recorder;
use proptest::prelude::*;

const TAGS: [&str; 6] = ["div", "p", "span", "input", "li", "über"];
const NAMES: [&str; 4] = ["class", "id", "data-x", "title"];
const TEXTS: [&str; 6] =
    ["", " ", "a", "Grüße 😀", "a longer text that is repeated here and there, so that it is spliced", "b"];

/// A change of the page. Numbers are taken modulo what there is.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Insert { parent: usize, place: usize, node: u32 },
    Remove { node: usize },
    Move { node: usize, parent: usize, place: usize },
    Attribute { node: usize, name: usize, value: Option<String> },
    Text { node: usize, text: String },
    Field { node: usize, state: u32 },
    Scroll { node: usize, x: i32, y: i32 },
}

pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    let any_node = 0_usize..1_000;
    let text = prop_oneof![prop::sample::select(TEXTS.to_vec()).prop_map(String::from), ".{0,80}"];
    prop_oneof![
        3 => (any_node.clone(), 0_usize..9, any::<u32>()).prop_map(|(parent, place, node)| Edit::Insert { parent, place, node }),
        2 => any_node.clone().prop_map(|node| Edit::Remove { node }),
        3 => (any_node.clone(), any_node.clone(), 0_usize..9).prop_map(|(node, parent, place)| Edit::Move { node, parent, place }),
        2 => (any_node.clone(), 0_usize..4, prop::option::of(text.clone())).prop_map(|(node, name, value)| Edit::Attribute { node, name, value }),
        2 => (any_node.clone(), text).prop_map(|(node, text)| Edit::Text { node, text }),
        1 => (any_node.clone(), 0_u32..5).prop_map(|(node, state)| Edit::Field { node, state }),
        1 => (any_node, any::<i32>(), any::<i32>()).prop_map(|(node, x, y)| Edit::Scroll { node, x, y }),
    ]
}

#[derive(Clone, Debug, Default)]
struct Node {
    tag: Option<&'static str>,
    text: String,
    attributes: Vec<(String, String)>,
    field: Option<u32>,
    scroll: (i32, i32),
    children: Vec<u32>,
    parent: u32,
}

/// The page. Node keys are the source's own; ids are given as nodes are read.
pub(crate) struct Source {
    nodes: BTreeMap<u32, Node>,
    next_key: u32,
    ids: BTreeMap<u32, u32>,
    next_id: u32,
    known: BTreeMap<String, u32>,
    strings: u32,
}

/// What a step of edits has changed.
#[derive(Default)]
struct Changed {
    touched: BTreeSet<u32>,
    attributes: BTreeSet<(u32, &'static str)>,
    texts: BTreeSet<u32>,
    states: BTreeSet<u32>,
}

/// A batch with its buffers.
#[derive(Default)]
pub(crate) struct Written {
    words: Vec<u32>,
    units: Vec<u32>,
    strings: String,
    is_fresh: bool,
}

impl Written {
    pub(crate) fn hand_to(&self, recorder: &mut Recorder) {
        let batch = Batch {
            words: &self.words,
            string_units: &self.units,
            strings: &self.strings,
            forgets_strings: self.is_fresh,
        };
        recorder.handle_batch(batch, 0);
    }
}

impl Source {
    pub(crate) fn random(seed: u32, nodes: u32) -> Self {
        let mut source = Self {
            nodes: BTreeMap::from([(0, Node { tag: Some(""), ..Node::default() })]),
            next_key: 1,
            ids: BTreeMap::new(),
            next_id: 1,
            known: BTreeMap::new(),
            strings: 0,
        };
        let mut state = seed;
        for _ in 0..nodes {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let key = source.next_key;
            let parent = source.container((state >> 8) as usize % source.nodes.len());
            source.add(parent, usize::MAX, state >> 4);
            if let Some(node) = source.nodes.get_mut(&key).filter(|node| node.tag.is_some()) {
                let value = TEXTS[(state >> 12) as usize % TEXTS.len()];
                node.attributes.push((NAMES[(state >> 20) as usize % 4].into(), value.into()));
            }
        }
        source
    }

    /// Reads the whole page.
    pub(crate) fn read(&mut self) -> Written {
        self.ids = BTreeMap::from([(0, 1)]);
        self.next_id = 2;
        self.known.clear();
        self.strings = 0;
        let mut batch = Written { is_fresh: true, ..Written::default() };
        batch.words.extend([1, 0]);
        for text in ["https://x.test/", "https://x.test/", "t"] {
            self.string(&mut batch, text);
        }
        let tops = self.nodes[&0].children.clone();
        if !tops.is_empty() {
            batch.words.extend([2, 1, 0]);
            for &top in &tops {
                self.write_node(&mut batch, top);
            }
            batch.words.push(0);
        }
        self.write_states(&mut batch, 1);
        batch.words.push(60);
        batch
    }

    /// Changes the page and writes what the changes come to.
    pub(crate) fn change(&mut self, edits: &[Edit]) -> Written {
        let mut changed = Changed::default();
        for edit in edits {
            self.carry_out(edit, &mut changed);
        }
        let first_new = self.next_id;
        let mut batch = Written::default();
        self.write_tree(&mut batch, &changed.touched);
        let old =
            |source: &Self, key: u32| source.ids.get(&key).copied().filter(|&id| id < first_new && key != 0);
        for (key, name) in changed.attributes {
            let Some(id) = old(self, key) else { continue };
            let value = self.nodes[&key].attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
            batch.words.extend([if value.is_some() { 5 } else { 6 }, id]);
            self.string(&mut batch, name);
            if let Some(value) = value {
                self.string(&mut batch, &value);
            }
        }
        for key in changed.texts {
            let Some(id) = old(self, key) else { continue };
            batch.words.extend([7, id, 0]);
            let text = self.nodes[&key].text.clone();
            self.string(&mut batch, &text);
        }
        for key in changed.states {
            if let Some(id) = old(self, key) {
                let node = self.nodes[&key].clone();
                self.write_state(&mut batch, id, &node);
            }
        }
        self.write_states(&mut batch, first_new);
        batch
    }

    fn carry_out(&mut self, edit: &Edit, changed: &mut Changed) {
        match edit {
            Edit::Insert { parent, place, node } => {
                let parent = self.container(*parent);
                changed.touched.insert(self.add(parent, *place, *node));
            }
            Edit::Remove { node } => {
                let key = self.key(*node);
                if key != 0 {
                    self.unlink(key);
                    changed.touched.insert(key);
                }
            }
            Edit::Move { node, parent, place } => {
                let (key, parent) = (self.key(*node), self.container(*parent));
                if key != 0 && !self.is_within(parent, key) {
                    self.unlink(key);
                    self.link(parent, *place, key);
                    changed.touched.insert(key);
                }
            }
            Edit::Attribute { node, name, value } => {
                let key = self.container(*node);
                self.set_attribute(key, NAMES[*name], value.as_deref());
                changed.attributes.insert((key, NAMES[*name]));
            }
            Edit::Text { node, text } => {
                let key = self.key(*node);
                if self.nodes[&key].tag.is_none() {
                    self.nodes.get_mut(&key).unwrap().text.clone_from(text);
                    changed.texts.insert(key);
                }
            }
            Edit::Field { node, state } => {
                let key = self.container(*node);
                self.nodes.get_mut(&key).unwrap().field = Some(*state);
                changed.states.insert(key);
            }
            Edit::Scroll { node, x, y } => {
                let key = self.container(*node);
                self.nodes.get_mut(&key).unwrap().scroll = (*x, *y);
                changed.states.insert(key);
            }
        }
    }

    /// The page as text, to be compared with [`outline_of_page`].
    pub(crate) fn outline(&self) -> String {
        let mut text = String::new();
        let mut waiting: Vec<(u32, usize)> =
            self.nodes[&0].children.iter().rev().map(|&key| (key, 0)).collect();
        while let Some((key, depth)) = waiting.pop() {
            let node = &self.nodes[&key];
            match node.tag {
                None => writeln!(text, "{depth} {:?}", node.text).unwrap(),
                Some(tag) => {
                    let field = node.field.map(field_value);
                    let mut attributes = node.attributes.clone();
                    attributes.sort();
                    writeln!(text, "{depth} <{tag} {attributes:?} {field:?} {:?}>", node.scroll).unwrap();
                }
            }
            waiting.extend(node.children.iter().rev().map(|&child| (child, depth + 1)));
        }
        text
    }

    fn write_tree(&mut self, batch: &mut Written, touched: &BTreeSet<u32>) {
        let (mut moving, mut gone) = (BTreeSet::new(), Vec::new());
        for &key in touched {
            let Some(&id) = self.ids.get(&key) else { continue };
            // Everything leaves its place before anything is removed: what was moved into a removed node is not
            // removed with it on the wire.
            batch.words.extend([4, id]);
            if self.is_within(key, 0) {
                moving.insert(key);
            } else {
                gone.push((key, id));
            }
        }
        for (key, id) in gone {
            batch.words.extend([3, id]);
            self.forget(key);
        }
        for &key in touched {
            let waits = |source: &Self, moving: &BTreeSet<u32>, key: u32| {
                touched.contains(&key) && (moving.contains(&key) || !source.ids.contains_key(&key))
            };
            if !self.is_within(key, 0) || !waits(self, &moving, key) {
                continue;
            }
            let parent = self.nodes[&key].parent;
            let Some(&parent_id) = self.ids.get(&parent) else { continue };
            let siblings = self.nodes[&parent].children.clone();
            let mut start = siblings.iter().position(|&sibling| sibling == key).unwrap();
            while start > 0 && waits(self, &moving, siblings[start - 1]) {
                start -= 1;
            }
            let previous_id = if start == 0 { 0 } else { self.ids[&siblings[start - 1]] };
            batch.words.extend([2, parent_id, previous_id]);
            let mut at = start;
            while at < siblings.len() && waits(self, &moving, siblings[at]) {
                self.write_moving(batch, siblings[at], &mut moving);
                at += 1;
            }
            batch.words.push(0);
        }
    }

    fn write_moving(&mut self, batch: &mut Written, key: u32, moving: &mut BTreeSet<u32>) {
        if let Some(&id) = self.ids.get(&key) {
            batch.words.extend([6, id]);
            moving.remove(&key);
            return;
        }
        let children = self.open_node(batch, key);
        if let Some(children) = children {
            for child in children {
                self.write_moving(batch, child, moving);
            }
            batch.words.push(0);
        }
    }

    fn write_node(&mut self, batch: &mut Written, key: u32) {
        if let Some(children) = self.open_node(batch, key) {
            for child in children {
                self.write_node(batch, child);
            }
            batch.words.push(0);
        }
    }

    /// Writes a node without its children; gives these back when the node stays open.
    fn open_node(&mut self, batch: &mut Written, key: u32) -> Option<Vec<u32>> {
        let id = self.next_id;
        self.next_id += 1;
        self.ids.insert(key, id);
        let node = self.nodes[&key].clone();
        let Some(tag) = node.tag else {
            batch.words.extend([2, id]);
            self.string(batch, &node.text);
            return None;
        };
        let is_open = !node.children.is_empty();
        batch.words.push(1 | u32::from(is_open) << 6 | (node.attributes.len() as u32) << 8);
        batch.words.push(id);
        self.string(batch, tag);
        for (name, value) in &node.attributes {
            self.string(batch, name);
            self.string(batch, value);
        }
        is_open.then_some(node.children)
    }

    fn write_states(&mut self, batch: &mut Written, from_id: u32) {
        let fresh: Vec<(u32, u32)> =
            self.ids.iter().filter(|&(_, &id)| id >= from_id).map(|(&key, &id)| (key, id)).collect();
        for (key, id) in fresh {
            if key != 0 {
                let node = self.nodes[&key].clone();
                self.write_state(batch, id, &node);
            }
        }
    }

    fn write_state(&mut self, batch: &mut Written, id: u32, node: &Node) {
        match node.field {
            None => {}
            Some(0) => {
                batch.words.extend([9, id, 1]);
                self.string(batch, "shown");
            }
            Some(1) => batch.words.extend([9, id, 2, 7]),
            Some(2) => batch.words.extend([9, id, 3]),
            Some(3) => batch.words.extend([9, id, 4, 1]),
            Some(_) => batch.words.extend([9, id, 5]),
        }
        if node.tag.is_some() {
            batch.words.extend([10, id, node.scroll.0 as u32, node.scroll.1 as u32]);
        }
    }

    fn string(&mut self, batch: &mut Written, text: &str) {
        if let Some(&number) = self.known.get(text) {
            batch.words.push(number);
            return;
        }
        let units = text.encode_utf16().count() as u32;
        batch.words.push(self.strings);
        batch.units.push(units);
        batch.strings.push_str(text);
        batch.strings.push('\0');
        if units <= 64 {
            self.known.insert(text.into(), self.strings);
        }
        self.strings += 1;
    }

    fn add(&mut self, parent: u32, place: usize, random: u32) -> u32 {
        let key = self.next_key;
        self.next_key += 1;
        let is_text = random.is_multiple_of(3);
        let node = Node {
            tag: (!is_text).then(|| TAGS[(random / 3) as usize % TAGS.len()]),
            text: if is_text { TEXTS[(random / 3) as usize % TEXTS.len()].into() } else { String::new() },
            ..Node::default()
        };
        self.nodes.insert(key, node);
        self.link(parent, place, key);
        key
    }

    fn key(&self, number: usize) -> u32 {
        let keys: Vec<u32> = self.nodes.keys().copied().collect();
        keys[number % keys.len()]
    }

    /// Nodes are never deleted from the source, so this may be a node outside of the page.
    fn container(&self, number: usize) -> u32 {
        let mut key = if self.nodes.len() > 1_000 { number as u32 } else { self.key(number) };
        while self.nodes.get(&key).is_none_or(|node| node.tag.is_none()) {
            key = key.saturating_sub(1);
        }
        key
    }

    fn set_attribute(&mut self, key: u32, name: &str, value: Option<&str>) {
        let attributes = &mut self.nodes.get_mut(&key).unwrap().attributes;
        let place = attributes.iter().position(|(n, _)| n == name);
        match (place, value) {
            (Some(place), Some(value)) => attributes[place].1 = value.into(),
            (Some(place), None) => drop(attributes.remove(place)),
            (None, Some(value)) => attributes.push((name.into(), value.into())),
            (None, None) => {}
        }
    }

    fn link(&mut self, parent: u32, place: usize, key: u32) {
        let children = &mut self.nodes.get_mut(&parent).unwrap().children;
        children.insert(place.min(children.len()), key);
        self.nodes.get_mut(&key).unwrap().parent = parent;
    }

    fn unlink(&mut self, key: u32) {
        let parent = self.nodes[&key].parent;
        if let Some(parent) = self.nodes.get_mut(&parent) {
            parent.children.retain(|&child| child != key);
        }
        self.nodes.get_mut(&key).unwrap().parent = u32::MAX;
    }

    fn is_within(&self, mut key: u32, ancestor: u32) -> bool {
        loop {
            if key == ancestor {
                return true;
            }
            match self.nodes.get(&key) {
                Some(node) if key != 0 => key = node.parent,
                _ => return false,
            }
        }
    }

    fn forget(&mut self, key: u32) {
        self.ids.remove(&key);
        for child in self.nodes[&key].children.clone() {
            self.forget(child);
        }
    }
}

fn field_value(state: u32) -> FieldValue {
    match state {
        0 => FieldValue::Shown("shown".into()),
        1 => FieldValue::Masked { units: 7 },
        2 => FieldValue::Secret,
        3 => FieldValue::Chosen(true),
        _ => FieldValue::ChosenHidden,
    }
}

/// A page of the crate as text.
pub(crate) fn outline_of_page(page: &Page) -> String {
    let mut text = String::new();
    let mut waiting = Vec::new();
    push_children(page, NodeId::DOCUMENT, 0, &mut waiting);
    while let Some((node_id, depth)) = waiting.pop() {
        let node = page.node(node_id).expect("children are in the tree");
        match &node.content {
            Content::Text(content) => writeln!(text, "{depth} {:?}", content.as_ref()).unwrap(),
            Content::Element(element) => {
                let mut attributes: Vec<(String, String)> =
                    element.attributes.iter().map(|a| (a.name.to_string(), a.value.to_string())).collect();
                attributes.sort();
                writeln!(
                    text,
                    "{depth} <{} {attributes:?} {:?} {:?}>",
                    element.tag, element.field, element.scroll
                )
                .unwrap();
            }
            Content::Document | Content::Doctype { .. } | Content::ShadowRoot | Content::FrameDocument => {
                panic!("the source makes only elements and texts")
            }
        }
        push_children(page, node_id, depth + 1, &mut waiting);
    }
    text
}

fn push_children(page: &Page, parent_id: NodeId, depth: usize, waiting: &mut Vec<(NodeId, usize)>) {
    let at = waiting.len();
    waiting.extend(page.children(parent_id).map(|child_id| (child_id, depth)));
    waiting[at..].reverse();
}
