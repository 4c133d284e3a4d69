//! Tables as text: one row per contender, its durability class in each, numbers with the spread of their runs.

use std::fmt::Write as _;

use crate::contender::Contender;

/// Several runs of one number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Runs(Vec<f64>);

impl Runs {
    pub(crate) fn add(&mut self, value: f64) {
        self.0.push(value);
    }

    /// The middle of the runs.
    pub(crate) fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        match sorted.len() {
            0 => f64::NAN,
            count if count % 2 == 1 => sorted[middle],
            _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
        }
    }

    /// The median, and the smallest and largest run when they differ from it.
    pub(crate) fn text(&self) -> String {
        let (least, most) =
            self.0.iter().fold((f64::MAX, f64::MIN), |(least, most), run| (least.min(*run), most.max(*run)));
        let median = number(self.median());
        if self.0.len() < 2 { median } else { format!("{median} ({}–{})", number(least), number(most)) }
    }
}

/// Writes a number with as many digits as say something.
pub(crate) fn number(value: f64) -> String {
    match value {
        value if value.is_nan() => "–".to_owned(),
        value if value.abs() >= 100.0 => format!("{value:.0}"),
        value if value.abs() >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

/// What one contender reached.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) contender: Contender,
    /// The number the target speaks of.
    pub(crate) main: f64,
    /// One text per column of the table.
    pub(crate) cells: Vec<String>,
}

/// A measurement.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// What was measured, with its load.
    pub(crate) title: String,
    /// The columns of the rows' cells; the first shows the number the target speaks of.
    pub(crate) columns: Vec<&'static str>,
    /// What Tandem has to reach.
    pub(crate) target: Target,
    pub(crate) rows: Vec<Row>,
    /// What a reader has to know to take the numbers for what they are.
    pub(crate) notes: Vec<String>,
}

/// What the product's number has to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Target {
    AtMost(f64),
    AtLeast(f64),
    /// Below another contender's.
    Below(Contender),
    /// Nothing is promised.
    None,
}

impl Table {
    /// Whether the product reached its target; `None` when there is no target, or no number.
    pub(crate) fn is_reached(&self) -> Option<bool> {
        let ours = self.of(Contender::Tandem)?;
        match self.target {
            Target::AtMost(most) => Some(ours <= most),
            Target::AtLeast(least) => Some(ours >= least),
            Target::Below(other) => Some(ours < self.of(other)?),
            Target::None => None,
        }
    }

    fn of(&self, contender: Contender) -> Option<f64> {
        self.rows.iter().find(|row| row.contender == contender).map(|row| row.main).filter(|it| !it.is_nan())
    }

    fn verdict(&self) -> String {
        let target = match self.target {
            Target::AtMost(most) => format!("at most {}", number(most)),
            Target::AtLeast(least) => format!("at least {}", number(least)),
            Target::Below(other) => format!("below {}", other.name()),
            Target::None => return String::new(),
        };
        match self.is_reached() {
            Some(true) => format!("target {target}: reached"),
            Some(false) => format!("target {target}: MISSED"),
            None => format!("target {target}: not measured"),
        }
    }

    /// Writes the table.
    pub(crate) fn text(&self) -> String {
        let mut lines = vec![["contender", "durability class"].map(str::to_owned).to_vec()];
        lines[0].extend(self.columns.iter().map(|column| (*column).to_owned()));
        lines[0].push("tandem / it".to_owned());
        for row in &self.rows {
            let mut line = vec![row.contender.name().to_owned(), row.contender.durability().to_owned()];
            line.extend(row.cells.iter().cloned());
            let is_ours = row.contender == Contender::Tandem;
            let ratio = self.of(Contender::Tandem).filter(|_| !is_ours && row.main > 0.0);
            line.push(ratio.map_or_else(String::new, |ours| format!("{:.2}", ours / row.main)));
            lines.push(line);
        }
        let widths: Vec<usize> = (0..lines[0].len())
            .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0))
            .collect();
        let mut text = format!("{}\n", self.title);
        for (index, line) in lines.iter().enumerate() {
            let cells: Vec<String> =
                line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            let _ = writeln!(text, "| {} |", cells.join(" | "));
            if index == 0 {
                let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
                let _ = writeln!(text, "| {} |", rules.join(" | "));
            }
        }
        for note in std::iter::once(&self.verdict()).chain(&self.notes).filter(|note| !note.is_empty()) {
            let _ = writeln!(text, "  {note}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(target: Target, ours: f64, theirs: f64) -> Table {
        let row = |contender, main: f64| Row { contender, main, cells: vec![number(main)] };
        Table {
            title: "time".to_owned(),
            columns: vec!["ms"],
            target,
            rows: vec![row(Contender::Tandem, ours), row(Contender::Ws, theirs)],
            notes: Vec::new(),
        }
    }

    #[test]
    fn a_target_is_reached_or_missed_by_our_own_number() {
        assert_eq!(table(Target::AtMost(5.0), 4.9, 9.0).is_reached(), Some(true));
        assert_eq!(table(Target::AtLeast(5.0), 4.9, 9.0).is_reached(), Some(false));
        assert_eq!(table(Target::Below(Contender::Ws), 4.9, 4.0).is_reached(), Some(false));
        assert_eq!(table(Target::AtMost(5.0), f64::NAN, 1.0).is_reached(), None);
    }

    #[test]
    fn every_row_names_its_durability_class_and_its_ratio() {
        let text = table(Target::AtMost(5.0), 6.0, 3.0).text();
        let rows: Vec<&str> = text.lines().collect();
        assert!(rows[3].contains("SQLite FULL, exactly once"));
        assert!(rows[4].contains("memory, at most once") && rows[4].contains("2.00"));
        assert!(rows[5].contains("MISSED"));
    }

    #[test]
    fn the_median_of_an_even_count_lies_between_the_two_in_the_middle() {
        let mut runs = Runs::default();
        [4.0, 1.0, 3.0, 2.0].into_iter().for_each(|run| runs.add(run));
        assert_eq!(runs.text(), "2.50 (1.00–4.00)");
    }
}
