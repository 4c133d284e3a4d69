//! Writes a whole page in parts: nodes in document order, a part at a time, each part closed in itself.

use crate::encode::Encoder;
use crate::node::{Content, NodeId};
use crate::page::Page;

/// The position in a page that is being written.
#[derive(Debug)]
pub(crate) struct Walk {
    /// The next node to be written; none at the end.
    next: NodeId,
}

impl Walk {
    pub(crate) fn new(page: &Page) -> Self {
        Self { next: page.node(NodeId::DOCUMENT).map_or(NodeId::NONE, |document| document.first_child()) }
    }

    /// Writes about `nodes_max` nodes with what their fields hold and where they are scrolled to. Answers whether
    /// any are left.
    pub(crate) fn write_part(&mut self, page: &Page, encoder: &mut Encoder, nodes_max: usize) -> bool {
        let mut states = Vec::new();
        let mut written = 0;
        while written < nodes_max && !self.next.is_none() {
            self.write_run(page, encoder, nodes_max, &mut written, &mut states);
        }
        for node_id in states {
            let Some(element) = page.element(node_id) else { continue };
            if let Some(field) = &element.field {
                encoder.field(node_id, field);
            }
            if element.scroll != (0, 0) {
                encoder.scroll(node_id, element.scroll);
            }
        }
        !self.next.is_none()
    }

    /// Writes the next node and its following siblings with all that is in them, until the part is full.
    fn write_run(
        &mut self,
        page: &Page,
        encoder: &mut Encoder,
        nodes_max: usize,
        written: &mut usize,
        states: &mut Vec<NodeId>,
    ) {
        let Some(first) = page.node(self.next) else { return };
        encoder.begin_run(first.parent(), first.previous());
        let mut depth = 0;
        while *written < nodes_max {
            let Some(node) = page.node(self.next) else { break };
            let has_children = !node.first_child().is_none();
            let is_open =
                has_children || matches!(node.content, Content::ShadowRoot | Content::FrameDocument);
            encoder.node(self.next, &node.content, is_open);
            if let Content::Element(element) = &node.content
                && (element.field.is_some() || element.scroll != (0, 0))
            {
                states.push(self.next);
            }
            *written += 1;
            if has_children {
                depth += 1;
                self.next = node.first_child();
                continue;
            }
            if is_open {
                encoder.end();
            }
            let run_ends = self.step_over(page, encoder, &mut depth);
            if run_ends {
                break;
            }
        }
        for _ in 0..=depth {
            encoder.end();
        }
    }

    /// Goes to the next node that is not inside the current one, closing parents on the way. Answers whether it lies
    /// outside of the run.
    fn step_over(&mut self, page: &Page, encoder: &mut Encoder, depth: &mut u32) -> bool {
        while let Some(node) = page.node(self.next) {
            if !node.next().is_none() {
                self.next = node.next();
                return false;
            }
            self.next = node.parent();
            if *depth == 0 {
                self.next = next_after(page, self.next);
                return true;
            }
            encoder.end();
            *depth -= 1;
        }
        true
    }
}

/// Returns the node that follows `node_id` and everything in it, or none at the end of the page.
fn next_after(page: &Page, mut node_id: NodeId) -> NodeId {
    while let Some(node) = page.node(node_id) {
        if !node.next().is_none() {
            return node.next();
        }
        node_id = node.parent();
    }
    NodeId::NONE
}
