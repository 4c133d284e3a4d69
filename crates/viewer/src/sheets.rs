//! Style sheets of the rebuilt page: rules of linked sheets and of sheets that scripts have filled become the text
//! of a style element, adopted sheets are adopted again.

use cobrowse::node::NodeId;
use cobrowse::page::Page;
use cobrowse::sheets::Sheet;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Node};

use crate::address::Addresses;

/// How fields and boxes look whose content is not told. It belongs to the stage, not to the visitor's page.
const OWN_RULES: &str = "
[data-tandem-secret], [data-tandem-blocked] {
  background-image: repeating-linear-gradient(135deg, #d5d9e2 0 6px, #eceef3 6px 12px);
  border-radius: 3px;
}
[data-tandem-blocked] { box-sizing: border-box; flex: none; }
[data-tandem-blocked]:not([style*=display]) { display: inline-block; }
[data-tandem-hidden] { opacity: 0.6; }
[data-tandem-focus] { outline: 2px solid #4f46e5; outline-offset: 2px; }
::highlight(tandem-selection) { background-color: #b4d5fe; color: #000; }
video:not([controls])::-webkit-media-controls { display: none; }
";

/// Shows the rules of the sheet of a style element.
pub(crate) fn show_owned(sheet: &Sheet, style: &Node, addresses: &Addresses) {
    style.set_text_content(Some(&rules(sheet, addresses)));
}

/// Makes a document or shadow root adopt the sheets that the page says.
pub(crate) fn show_adopted(
    page: &Page,
    root_id: NodeId,
    root: &Node,
    document: &Document,
    addresses: &Addresses,
) {
    let adopted = Array::new();
    if root_id == NodeId::DOCUMENT {
        push(&adopted, OWN_RULES, document);
    }
    for sheet in page.sheets.adopted(root_id) {
        push(&adopted, &rules(sheet, addresses), document);
    }
    // A root of another document refuses the sheets; it is then shown without them.
    let _ = Reflect::set(root, &"adoptedStyleSheets".into(), &adopted);
}

fn rules(sheet: &Sheet, addresses: &Addresses) -> String {
    addresses.loaded_in_css(&sheet.css, &sheet.base_url).as_ref().into()
}

/// A sheet can be adopted only where it was made, so it is made by the stage's own window.
fn push(adopted: &Array, rules: &str, document: &Document) {
    let made = document.default_view().and_then(|window| {
        let class = Reflect::get(&window, &"CSSStyleSheet".into()).ok()?;
        let sheet = Reflect::construct(class.unchecked_ref::<Function>(), &Array::new()).ok()?;
        let replace = Reflect::get(&sheet, &"replaceSync".into()).ok()?;
        replace.unchecked_ref::<Function>().call1(&sheet, &JsValue::from_str(rules)).ok()?;
        Some(sheet)
    });
    if let Some(sheet) = made {
        adopted.push(&sheet);
    }
}
