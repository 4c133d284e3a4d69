//! An agent's actions as messages to the reader's page, and what came of them back.

use browser::object::{field, object};
use cobrowse::control::{Action, Command, Destination, Offset, Outcome, Report};
use cobrowse::node::NodeId;
use js_sys::Int32Array;
use wasm_bindgen::JsValue;

type Field = (&'static str, JsValue);

/// Returns the message of an action. Links lead to other pages only where that is allowed.
pub(crate) fn message(command: &Command, agent_name: &str, may_navigate: bool) -> JsValue {
    let mut fields: Vec<Field> = vec![
        ("type", "act".into()),
        ("number", command.number.into()),
        ("action", command.action.name().into()),
        ("name", agent_name.into()),
        ("may_navigate", may_navigate.into()),
    ];
    match &command.action {
        Action::Mark { node_id } | Action::Choose { node_id } => fields.push(node(*node_id)),
        Action::Draw { is_new, points } => {
            let flat: Vec<i32> = points.iter().flat_map(|&(x, y)| [x, y]).collect();
            fields
                .extend([("is_new", (*is_new).into()), ("points", Int32Array::from(flat.as_slice()).into())]);
        }
        Action::Scroll { node_id, x, y } => {
            fields.extend([node(*node_id), ("x", (*x).into()), ("y", (*y).into())]);
        }
        Action::Hover { node_id, offset } => {
            fields.push(node(*node_id));
            fields.extend(place(*offset));
        }
        Action::Click { node_id, offset, count } => {
            fields.extend([node(*node_id), ("count", (*count).into())]);
            fields.extend(place(*offset));
        }
        Action::Insert { node_id, text } => fields.extend([node(*node_id), ("text", text.as_str().into())]),
        Action::Key { node_id, key, is_shifted } => fields.extend([
            node(*node_id),
            ("key", key.as_str().into()),
            ("is_shifted", (*is_shifted).into()),
        ]),
        Action::Navigate(destination) => fields.extend(way(destination)),
    }
    object(&fields)
}

/// Reads what came of an action; `None` when the page's own scripts made it up.
pub(crate) fn report(message: &JsValue) -> Option<Report> {
    let number = field(message, "number").as_f64()? as u32;
    let outcome = Outcome::from_number(field(message, "outcome").as_f64()? as u32)?;
    Some(Report { number, outcome })
}

fn node(node_id: NodeId) -> Field {
    ("node", node_id.0.into())
}

fn place(offset: Offset) -> [Field; 2] {
    [("x", offset.x_permille.into()), ("y", offset.y_permille.into())]
}

fn way(destination: &Destination) -> [Field; 2] {
    let (way, address) = match destination {
        Destination::Back => ("back", ""),
        Destination::Forward => ("forward", ""),
        Destination::Reload => ("reload", ""),
        Destination::Address(address) => ("address", address.as_str()),
    };
    [("way", way.into()), ("address", address.into())]
}
