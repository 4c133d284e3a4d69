//! The set checker: what was typed, what was acknowledged and what anybody saw, held against what can be read.
//! Pure: a function of its inputs, with planted faults in its tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use protocol::id::{ConversationId, MessageId};

/// A message as somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Typed {
    pub(crate) conversation_id: ConversationId,
    pub(crate) message_id: MessageId,
    pub(crate) text: String,
}

/// A message at its place: the server's word to one client, by an acknowledgement or as an event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Placed {
    pub(crate) conversation_id: ConversationId,
    pub(crate) seq: u64,
    pub(crate) message_id: MessageId,
}

/// What one person can swear to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Evidence {
    /// What they wrote, in this order.
    pub(crate) typed: Vec<Typed>,
    /// What the server said it keeps for ever, of their own messages.
    pub(crate) acknowledged: BTreeSet<Placed>,
    /// Every message they were shown.
    pub(crate) seen: BTreeSet<Placed>,
    /// Messages their client gave up, and log-ins the server did not know any more.
    pub(crate) given_up: Vec<String>,
}

/// An event of a conversation as it can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) seq: u64,
    /// Id and text, if it is a message.
    pub(crate) message: Option<(MessageId, String)>,
}

/// Everything that can be read somewhere, each conversation in the order it is given out.
pub(crate) type Readable = BTreeMap<ConversationId, Vec<Line>>;

/// What the check found. All counts but the first two have to be 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) acknowledged: usize,
    pub(crate) readable: usize,
    pub(crate) lost: usize,
    pub(crate) doubled: usize,
    pub(crate) disordered: usize,
    /// The first faults in words.
    pub(crate) examples: Vec<String>,
}

const EXAMPLES_MAX: usize = 12;

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { acknowledged, readable, lost, doubled, disordered, examples } = self;
        write!(formatter, "acknowledged {acknowledged} readable {readable} ")?;
        write!(formatter, "lost {lost} doubled {doubled} disordered {disordered}")?;
        for example in examples {
            write!(formatter, "\n    {example}")?;
        }
        Ok(())
    }
}

impl Verdict {
    pub(crate) fn is_clean(&self) -> bool {
        self.lost == 0 && self.doubled == 0 && self.disordered == 0
    }

    /// Counts the faults of another check as well.
    pub(crate) fn add(&mut self, other: Self) {
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.disordered += other.disordered;
        self.examples.extend(other.examples);
        self.examples.truncate(EXAMPLES_MAX);
    }

    fn lose(&mut self, example: String) {
        self.lost += 1;
        self.note(example);
    }

    fn double(&mut self, example: String) {
        self.doubled += 1;
        self.note(example);
    }

    fn disorder(&mut self, example: String) {
        self.disordered += 1;
        self.note(example);
    }

    fn note(&mut self, example: String) {
        if self.examples.len() < EXAMPLES_MAX {
            self.examples.push(example);
        }
    }
}

/// Holds what people can swear to against what can be read.
pub(crate) fn check(people: &[Evidence], readable: &Readable) -> Verdict {
    let mut verdict = Verdict {
        acknowledged: people.iter().map(|person| person.acknowledged.len()).sum(),
        ..Verdict::default()
    };
    let places = read(readable, &mut verdict);
    for person in people {
        for given_up in &person.given_up {
            verdict.lose(given_up.clone());
        }
        for placed in person.acknowledged.union(&person.seen) {
            check_place(placed, &places, &mut verdict);
        }
        check_typed(person, &places, &mut verdict);
    }
    verdict
}

type Places<'a> = BTreeMap<(&'a ConversationId, &'a MessageId), (u64, &'a str)>;

/// Finds each message's place, and what is wrong with the histories by themselves.
fn read<'a>(readable: &'a Readable, verdict: &mut Verdict) -> Places<'a> {
    let mut places = Places::new();
    let mut texts = BTreeSet::new();
    for (conversation_id, lines) in readable {
        for (line, expected_seq) in lines.iter().zip(1..) {
            if line.seq != expected_seq {
                verdict.disorder(format!("{conversation_id}: seq {} stands at {expected_seq}", line.seq));
            }
            let Some((message_id, text)) = &line.message else { continue };
            verdict.readable += 1;
            let is_new_id = places.insert((conversation_id, message_id), (line.seq, text)).is_none();
            // People write every text once, so the same text under two ids is a double as well.
            if !is_new_id || !texts.insert(text.as_str()) {
                verdict.double(format!("{conversation_id}: {message_id} once more at {}", line.seq));
            }
        }
    }
    places
}

fn check_place(placed: &Placed, places: &Places<'_>, verdict: &mut Verdict) {
    let Placed { conversation_id, seq, message_id } = placed;
    match places.get(&(conversation_id, message_id)) {
        None => verdict.lose(format!("{conversation_id}: {message_id}, promised at {seq}, is not there")),
        Some((found, _)) if found != seq => {
            verdict
                .disorder(format!("{conversation_id}: {message_id}, promised at {seq}, stands at {found}"));
        }
        Some(_) => {}
    }
}

fn check_typed(person: &Evidence, places: &Places<'_>, verdict: &mut Verdict) {
    let mut last: BTreeMap<&ConversationId, u64> = BTreeMap::new();
    for Typed { conversation_id, message_id, text } in &person.typed {
        let Some((seq, found)) = places.get(&(conversation_id, message_id)) else {
            verdict.lose(format!("{conversation_id}: {message_id} was typed and is not there"));
            continue;
        };
        if found != text {
            verdict.lose(format!("{conversation_id}: {message_id} has another text"));
        }
        let before = last.entry(conversation_id).or_default();
        if seq <= before {
            verdict.disorder(format!("{conversation_id}: {message_id} at {seq} was typed after {before}"));
        }
        *before = *seq;
    }
}

/// Holds what a client shows of a conversation against what can be read of it.
pub(crate) fn check_shown(conversation_id: &ConversationId, shown: &[Line], readable: &[Line]) -> Verdict {
    let mut verdict = Verdict::default();
    let ids = |lines: &[Line]| -> Vec<MessageId> {
        lines.iter().filter_map(|line| line.message.as_ref().map(|(id, _)| id.clone())).collect()
    };
    let (shown_ids, readable_ids) = (ids(shown), ids(readable));
    let unique: BTreeSet<&MessageId> = shown_ids.iter().collect();
    for _ in unique.len()..shown_ids.len() {
        verdict.double(format!("{conversation_id}: a client shows a message twice"));
    }
    for missing in readable_ids.iter().filter(|id| !unique.contains(id)) {
        verdict.lose(format!("{conversation_id}: a client does not show {missing}"));
    }
    if verdict.is_clean() && shown_ids != readable_ids {
        verdict.disorder(format!("{conversation_id}: a client shows another order"));
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversation() -> ConversationId {
        ConversationId("cnv_1".to_owned())
    }

    fn id(number: u64) -> MessageId {
        MessageId(format!("msg_{number}"))
    }

    fn line(seq: u64, number: u64) -> Line {
        Line { seq, message: Some((id(number), format!("text {number}"))) }
    }

    /// Somebody wrote messages 1 to 9, which stand at seq 1 to 9, and the first eight were acknowledged.
    fn evidence() -> Vec<Evidence> {
        let placed = |seq: u64| Placed { conversation_id: conversation(), seq, message_id: id(seq) };
        let typed = |number: u64| Typed {
            conversation_id: conversation(),
            message_id: id(number),
            text: format!("text {number}"),
        };
        vec![Evidence {
            typed: (1..10).map(typed).collect(),
            acknowledged: (1..9).map(placed).collect(),
            seen: (3..6).map(placed).collect(),
            given_up: Vec::new(),
        }]
    }

    fn counts(lines: Vec<Line>) -> (usize, usize, usize) {
        let verdict = check(&evidence(), &BTreeMap::from([(conversation(), lines)]));
        (verdict.lost, verdict.doubled, verdict.disordered)
    }

    fn whole() -> Vec<Line> {
        (1..10).map(|number| line(number, number)).collect()
    }

    #[test]
    fn a_whole_history_is_clean() {
        assert_eq!(counts(whole()), (0, 0, 0));
        let verdict = check(&evidence(), &BTreeMap::from([(conversation(), whole())]));
        assert!(verdict.is_clean());
        assert!(verdict.to_string().ends_with("acknowledged 8 readable 9 lost 0 doubled 0 disordered 0"));
    }

    #[test]
    fn a_message_that_was_acknowledged_may_not_vanish() {
        let mut people = evidence();
        people[0].typed.clear();
        let mut lines = whole();
        // The last one acknowledged; it was not seen by anybody.
        lines.truncate(7);
        assert_eq!(check(&people, &BTreeMap::from([(conversation(), lines)])).lost, 1);
    }

    #[test]
    fn a_message_that_was_typed_and_never_acknowledged_has_to_be_there_in_the_end() {
        let mut lines = whole();
        lines.truncate(8);
        assert_eq!(counts(lines), (1, 0, 0));
    }

    #[test]
    fn a_doubled_message_is_found_by_its_id_and_by_its_text() {
        let mut lines = whole();
        lines.push(Line { seq: 10, message: Some((id(99), "text 4".to_owned())) });
        assert_eq!(counts(lines), (0, 1, 0));
        let mut lines = whole();
        lines.push(line(10, 9));
        let (_, doubled, _) = counts(lines);
        assert_eq!(doubled, 1);
    }

    #[test]
    fn swapped_messages_are_found() {
        let mut lines = whole();
        lines.swap(7, 8);
        lines[7].seq = 8;
        lines[8].seq = 9;
        let (lost, doubled, disordered) = counts(lines);
        assert_eq!((lost, doubled), (0, 0));
        // The promise of place 8 is broken, and 9 stands before 8 although it was typed after it.
        assert_eq!(disordered, 2);
    }

    #[test]
    fn a_hole_in_seq_and_another_text_are_found() {
        let mut lines = whole();
        lines[8].seq = 12;
        assert_eq!(counts(lines), (0, 0, 1));
        let mut lines = whole();
        lines[8] = Line { seq: 9, message: Some((id(9), "something else".to_owned())) };
        assert_eq!(counts(lines), (1, 0, 0));
    }

    #[test]
    fn a_message_that_somebody_saw_may_not_vanish() {
        let mut people = evidence();
        people[0].acknowledged.clear();
        people[0].typed.clear();
        let mut lines = whole();
        lines.truncate(4);
        let verdict = check(&people, &BTreeMap::from([(conversation(), lines)]));
        assert_eq!(verdict.lost, 1);
    }

    #[test]
    fn what_a_client_gave_up_counts_as_lost() {
        let mut people = evidence();
        people[0].given_up.push("refused for good".to_owned());
        let verdict = check(&people, &BTreeMap::from([(conversation(), whole())]));
        assert_eq!(verdict.lost, 1);
    }

    #[test]
    fn a_client_that_shows_something_else_is_found() {
        let check = |shown: &[Line]| check_shown(&conversation(), shown, &whole());
        assert!(check(&whole()).is_clean());
        assert_eq!(check(&whole()[..8]).lost, 1);
        let mut twice = whole();
        twice.push(line(10, 9));
        assert_eq!(check(&twice).doubled, 1);
        let mut swapped = whole();
        swapped.swap(2, 3);
        assert_eq!(check(&swapped).disordered, 1);
    }
}
