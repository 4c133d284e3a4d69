//! Surveys from definition to stored answers.

use protocol::survey::{Answer, AnswerKind, AnswerValue, Question, SurveyDefinition};
use survey::{Flow, check_answers, check_definition, mean_score};

fn definition() -> SurveyDefinition {
    let question = |id: &str, is_required, answer| Question {
        id: id.to_owned(),
        label: format!("Label {id}"),
        is_required,
        answer,
    };
    SurveyDefinition {
        title: "How did we do?".to_owned(),
        questions: vec![
            question(
                "csat",
                true,
                AnswerKind::Score { min: 1, max: 5, min_label: String::new(), max_label: String::new() },
            ),
            question(
                "reason",
                false,
                AnswerKind::Choice { options: vec!["Order".to_owned(), "Other".to_owned()] },
            ),
            question("comment", false, AnswerKind::Text { placeholder: String::new() }),
        ],
    }
}

fn score(score: u8) -> AnswerValue {
    AnswerValue::Score { score }
}

fn text(text: &str) -> AnswerValue {
    AnswerValue::Text { text: text.to_owned() }
}

fn answer(question_id: &str, value: AnswerValue) -> Answer {
    Answer { question_id: question_id.to_owned(), label: "forged".to_owned(), value }
}

#[test]
fn a_sound_definition_is_accepted_and_faults_are_named_with_their_path() {
    assert_eq!(check_definition(&definition()), Ok(()));
    let mut twice = definition();
    twice.questions[2].id = "csat".to_owned();
    assert_eq!(check_definition(&twice).unwrap_err().path, "survey.questions[2].id");
    let mut flat = definition();
    flat.questions[0].answer =
        AnswerKind::Score { min: 5, max: 5, min_label: String::new(), max_label: String::new() };
    assert_eq!(check_definition(&flat).unwrap_err().path, "survey.questions[0].answer.max");
    let mut same = definition();
    same.questions[1].answer = AnswerKind::Choice { options: vec!["A".to_owned(), "A".to_owned()] };
    assert_eq!(check_definition(&same).unwrap_err().path, "survey.questions[1].answer.options");
}

#[test]
fn stored_answers_stand_in_the_order_of_the_questions_with_the_labels_of_the_survey() {
    let stored =
        check_answers(&definition(), &[answer("comment", text("Fine")), answer("csat", score(4))]).unwrap();
    let rows: Vec<(&str, &str)> =
        stored.iter().map(|row| (row.question_id.as_str(), row.label.as_str())).collect();
    assert_eq!(rows, [("csat", "Label csat"), ("comment", "Label comment")]);
}

#[test]
fn answers_that_do_not_fit_are_refused_with_their_path() {
    let check = |answers: &[Answer], path: &str| {
        assert_eq!(check_answers(&definition(), answers).unwrap_err().path, path);
    };
    check(&[answer("csat", score(6))], "answers[0].value.score");
    check(&[answer("csat", text("5"))], "answers[0].value.kind");
    check(&[answer("csat", score(5)), answer("csat", score(4))], "answers[1].question_id");
    check(&[answer("other", score(5))], "answers[0].question_id");
    check(&[answer("csat", score(5)), answer("comment", text(&"x".repeat(2001)))], "answers[1].value.text");
    check(&[answer("comment", text("no score"))], "answers");
}

#[test]
fn a_skipped_survey_is_an_empty_list() {
    assert_eq!(check_answers(&definition(), &[]), Ok(Vec::new()));
}

#[test]
fn the_flow_keeps_the_last_answer_and_says_what_is_missing() {
    let mut flow = Flow::new(definition(), Vec::new());
    assert_eq!((flow.missing(), flow.sendable()), (vec!["csat"], None));
    assert!(flow.answer("comment", text("Quick help")));
    assert_eq!(flow.sendable(), None);
    assert!(flow.answer("csat", score(3)) && flow.answer("csat", score(5)));
    assert!(!flow.answer("csat", score(5)), "the same answer changes nothing");
    assert!(!flow.answer("csat", score(0)), "a score outside the scale is not taken");
    assert!(flow.answer("comment", text("  ")), "blank text takes the answer back");
    assert_eq!(
        flow.sendable().unwrap(),
        [Answer { question_id: "csat".to_owned(), label: "Label csat".to_owned(), value: score(5) }]
    );
}

#[test]
fn a_draft_survives_a_reload_and_loses_what_no_longer_fits() {
    let mut flow = Flow::new(definition(), Vec::new());
    flow.answer("csat", score(2));
    flow.answer("comment", text("Slow"));
    assert_eq!(Flow::new(definition(), flow.draft().clone()), flow);
    let mut shorter = definition();
    shorter.questions.truncate(1);
    assert_eq!(Flow::new(shorter, flow.draft().clone()).draft().len(), 1);
}

#[test]
fn the_mean_counts_only_scores_of_the_question() {
    let results = [
        vec![answer("csat", score(5))],
        vec![answer("csat", score(2)), answer("comment", text("x"))],
        vec![],
    ];
    assert_eq!(mean_score(&results, "csat"), Some(3.5));
    assert_eq!(mean_score(&results, "comment"), None);
}
