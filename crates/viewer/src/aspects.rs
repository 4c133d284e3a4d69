//! Shows what is seen of the page beside its tree: what is hovered and selected, the top layer, what plays, and
//! pictures of what only the visitor's browser can paint.

use cobrowse::aspect::{Aspect, Layer, Media, Selection};
use cobrowse::css::HOVER;
use cobrowse::node::NodeId;
use cobrowse::page::Page;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element};

use crate::builder::Builder;
use crate::dom::{call, property};

/// The name of the highlight; `sheets` says how it looks.
const SELECTION: &str = "tandem-selection";
/// The element's own state, for whoever looks at the rebuilt page.
const MEDIA: &str = "data-tandem-media";
const POSITION: &str = "data-tandem-position";
/// The size of a canvas that says none, in CSS pixels.
const CANVAS_SIZE: (u32, u32) = (300, 150);
/// The longest side that an empty canvas is drawn with.
const CANVAS_SIDE_MAX: u32 = 32_767;

/// What has been marked on the stage and has to be taken away again.
#[derive(Debug, Default)]
pub(crate) struct AspectsShown {
    hovered: Vec<Element>,
}

impl AspectsShown {
    /// Shows one aspect.
    pub(crate) fn show(&mut self, page: &Page, builder: &Builder, document: &Document, aspect: &Aspect) {
        match aspect {
            Aspect::Hover(node_id) => self.show_hover(page, builder, *node_id),
            Aspect::Selection(selection) => show_selection(builder, document, *selection),
            Aspect::Picture { node_id, .. } => show_picture(page, builder, *node_id),
            Aspect::Layer { node_id, layer } => show_layer(page, builder, *node_id, *layer),
            Aspect::Media { node_id, media } => show_media(builder, *node_id, *media),
            // It is shown where a picture names it.
            Aspect::Asset { .. } => {}
        }
    }

    /// Marks an element and all that holds it, through shadow roots and frames.
    fn show_hover(&mut self, page: &Page, builder: &Builder, node_id: NodeId) {
        for element in self.hovered.drain(..) {
            let _ = element.remove_attribute(HOVER);
        }
        let parent = |&id: &NodeId| page.node(id).map(|node| node.parent());
        for holder_id in std::iter::successors(Some(node_id), parent) {
            if page.element(holder_id).is_some()
                && let Some(element) = builder.element(holder_id)
            {
                let _ = element.set_attribute(HOVER, "");
                self.hovered.push(element.clone());
            }
        }
    }
}

/// Shows again what a node loses when it is taken out of its place or its attributes are written anew.
pub(crate) fn restore(page: &Page, builder: &Builder) {
    for (node_id, layer) in page.aspects.layers() {
        show_layer(page, builder, *node_id, *layer);
    }
}

/// Shows an element as its picture. A canvas without one is drawn as an empty box of its size, as a browser that
/// runs no scripts lays a canvas out as if it were text.
pub(crate) fn show_picture(page: &Page, builder: &Builder, node_id: NodeId) {
    let Some(element) = page.element(node_id) else { return };
    let Some(built) = builder.element(node_id) else { return };
    let picture = page.aspects.picture(node_id);
    match (element.tag.as_ref(), picture) {
        ("canvas", Some((data, density_permille))) => {
            set_content(&built, &picture_of(data, density_permille));
        }
        ("canvas", None) => set_content(&built, &empty_canvas(&built)),
        // The page may show another picture by now.
        ("img", Some((data, _))) if is_blob(element) => drop(built.set_attribute("src", data)),
        // Its own address has led to nothing here, and neither has any that it could choose instead.
        ("img", Some((data, density_permille))) => set_content(&built, &picture_of(data, density_permille)),
        ("img", None) => call(&property(&built, "style"), "removeProperty", &["content".into()]),
        ("video", Some((data, _))) => drop(built.set_attribute("poster", data)),
        _ => {}
    }
}

/// Returns a picture at the size of what it was taken of, as style sheets write it.
fn picture_of(data: &str, density_permille: u32) -> String {
    let density = f64::from(density_permille.max(1)) / 1_000.0;
    format!("image-set(url(\"{data}\") {density}dppx)")
}

fn is_blob(image: &cobrowse::node::Element) -> bool {
    let source = image.attributes.iter().find(|attribute| attribute.name.as_ref() == "src");
    let start = source.and_then(|source| source.value.get(..5));
    start.is_some_and(|start| start.eq_ignore_ascii_case("blob:"))
}

fn empty_canvas(canvas: &Element) -> String {
    let side = |name: &str, default: u32| {
        let said = canvas.get_attribute(name).and_then(|value| value.trim().parse::<u32>().ok());
        said.unwrap_or(default).min(CANVAS_SIDE_MAX)
    };
    let (width, height) = (side("width", CANVAS_SIZE.0), side("height", CANVAS_SIZE.1));
    format!(
        "url(\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'/>\")"
    )
}

/// Replaces what is painted in the place of an element, at its own size, as an image would be.
fn set_content(element: &Element, value: &str) {
    call(&property(element, "style"), "setProperty", &["content".into(), value.into()]);
}

fn show_layer(page: &Page, builder: &Builder, node_id: NodeId, layer: Layer) {
    let Some(element) = builder.element(node_id) else { return };
    let is_modal = element.matches(":modal").unwrap_or(false);
    let is_popover = element.matches(":popover-open").unwrap_or(false);
    match layer {
        Layer::Modal if !is_modal => {
            // A dialog that is open in the page cannot be opened above it.
            let _ = element.remove_attribute("open");
            call(&element, "showModal", &[]);
        }
        Layer::Popover if !is_popover => call(&element, "showPopover", &[]),
        Layer::Page if is_modal => {
            // Only an open dialog can be closed.
            let _ = element.set_attribute("open", "");
            call(&element, "close", &[]);
            let is_open = page.element(node_id).is_some_and(|dialog| {
                dialog.attributes.iter().any(|attribute| attribute.name.as_ref() == "open")
            });
            if is_open {
                let _ = element.set_attribute("open", "");
            }
        }
        Layer::Page if is_popover => call(&element, "hidePopover", &[]),
        Layer::Page | Layer::Popover | Layer::Modal => {}
    }
}

fn show_media(builder: &Builder, node_id: NodeId, media: Media) {
    if let Some(element) = builder.element(node_id) {
        let _ = element.set_attribute(MEDIA, if media.is_paused { "paused" } else { "playing" });
        let _ = element.set_attribute(POSITION, &media.position_s.to_string());
    }
}

/// Paints what is selected. A real selection would take the agent's focus, and an inert frame paints none.
fn show_selection(builder: &Builder, document: &Document, selection: Selection) {
    let Some(window) = document.default_view() else { return };
    let highlights = property(&property(&window, "CSS"), "highlights");
    call(&highlights, "delete", &[SELECTION.into()]);
    let (Some(start), Some(end)) =
        (builder.node(selection.start.node_id), builder.node(selection.end.node_id))
    else {
        return;
    };
    let class = |name: &str| property(&window, name).dyn_into::<Function>();
    let range = class("Range").and_then(|class| Reflect::construct(&class, &Array::new()));
    let range = range.inspect(|range| {
        // An offset past the end, as in a text that is masked with fewer units, stands for the end.
        let place = |name, node: &web_sys::Node, offset: u32| {
            let length = node.node_value().map_or_else(
                || node.child_nodes().length(),
                |text| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX),
            );
            call(range, name, &[node.into(), offset.min(length).into()]);
        };
        place("setStart", &start, selection.start.offset);
        place("setEnd", &end, selection.end.offset);
    });
    if let (Ok(range), Ok(class)) = (range, class("Highlight"))
        && let Ok(highlight) = Reflect::construct(&class, &Array::of1(&range))
    {
        call(&highlights, "set", &[SELECTION.into(), highlight]);
    }
}
