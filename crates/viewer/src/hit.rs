//! Which node of the page an agent points at: through the shadow roots and frames of the rebuilt document.

use cobrowse::control::Offset;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, Node};

use crate::dom::as_frame;

/// An element under a point.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// The element, the innermost one.
    pub(crate) element: Element,
    /// Where in it.
    pub(crate) offset: Offset,
}

/// Returns the innermost element at a place of the document's window, in CSS pixels.
pub(crate) fn hit(document: &Document, x: f64, y: f64) -> Option<Hit> {
    let (mut x, mut y) = (x, y);
    let mut element = document.element_from_point(x as f32, y as f32)?;
    loop {
        if let Some(root) = element.shadow_root()
            && let Some(inner) = root.element_from_point(x as f32, y as f32)
            && inner != element
        {
            element = inner;
            continue;
        }
        let inner_document =
            as_frame(element.unchecked_ref::<Node>()).and_then(|frame| frame.content_document());
        let Some(inner_document) = inner_document else { break };
        let frame = element.get_bounding_client_rect();
        let (inner_x, inner_y) = (
            x - frame.left() - f64::from(element.client_left()),
            y - frame.top() - f64::from(element.client_top()),
        );
        let Some(inner) = inner_document.element_from_point(inner_x as f32, inner_y as f32) else { break };
        (element, x, y) = (inner, inner_x, inner_y);
    }
    let offset = offset_in(&element, x, y);
    Some(Hit { element, offset })
}

fn offset_in(element: &Element, x: f64, y: f64) -> Offset {
    let rect = element.get_bounding_client_rect();
    let permille =
        |at: f64, length: f64| if length > 0.0 { (at / length * 1_000.0).clamp(0.0, 1_000.0) } else { 500.0 };
    Offset {
        x_permille: permille(x - rect.left(), rect.width()).round() as u32,
        y_permille: permille(y - rect.top(), rect.height()).round() as u32,
    }
}
