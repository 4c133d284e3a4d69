//! Rules, the server's facts for them, and the decision as a site sees it.

use browser::Value;
use protocol::rule::{
    Condition, ConditionExplanation, Decision, DecisionReason, OpenInterval, Rule, RuleAction,
    RuleExplanation, ServerFacts,
};

use super::shape::{read_struct, read_words, write_words};
use super::{Read, Write, field, object};

read_struct!(Rule { id, name, is_enabled, when, action });
read_struct!(ServerFacts { server_time, agents_online, agents_available, config_version; open_intervals });
read_struct!(OpenInterval { opens_at, closes_at });
read_words!(RuleAction { Show = "show", Hide = "hide" });
write_words!(RuleAction { Show = "show", Hide = "hide" });
write_words!(DecisionReason {
    Inactive = "inactive",
    Page = "page",
    HideRule = "hide_rule",
    ShowRule = "show_rule",
    NoShowRule = "no_show_rule",
    OpenConversation = "open_conversation",
    Default = "default"
});

impl Read for Condition {
    fn read(value: &Value) -> Option<Self> {
        Some(match value.field("kind").as_text()? {
            "all" => Self::All { of: field(value, "of")? },
            "any" => Self::Any { of: field(value, "of")? },
            "not" => Self::Not { of: Box::new(field(value, "of")?) },
            "agent_online" => Self::AgentOnline,
            "agent_available" => Self::AgentAvailable,
            "inside_opening_hours" => Self::InsideOpeningHours,
            "dwell_seconds" => Self::DwellSeconds { at_least: field(value, "at_least")? },
            "visit_count" => Self::VisitCount { at_least: field(value, "at_least")? },
            _ => return None,
        })
    }
}

impl Write for Decision {
    fn write(&self) -> Value {
        with_wake_at(
            object(&mut [
                ("is_visible", self.is_visible.write()),
                ("reason", self.reason.write()),
                ("decided_at", self.decided_at.write()),
                ("rules", self.rules.write()),
            ]),
            self.wake_at.write(),
        )
    }
}

impl Write for RuleExplanation {
    fn write(&self) -> Value {
        object(&mut [
            ("id", self.id.write()),
            ("name", self.name.write()),
            ("action", self.action.write()),
            ("matched", self.matched.write()),
            ("when", self.when.write()),
        ])
    }
}

impl Write for ConditionExplanation {
    fn write(&self) -> Value {
        with_wake_at(
            object(&mut [
                ("text", self.text.write()),
                ("holds", self.holds.write()),
                ("fact", self.fact.write()),
                ("of", self.of.write()),
            ]),
            self.wake_at.write(),
        )
    }
}

/// The time is there even when it is null: a site can read that nothing will change by itself.
fn with_wake_at(mut value: Value, wake_at: Value) -> Value {
    if let Value::Object(fields) = &mut value {
        fields.push(("wake_at".to_owned(), wake_at));
    }
    value
}
