//! What a case found, as a row of the table.

use std::fmt::Display;

pub struct Row {
    pub case: String,
    /// What limits it: the simulated line, or the processor.
    pub bound: Bound,
    pub figure: String,
    pub limit: String,
    pub verdict: String,
}

#[derive(Clone, Copy)]
pub enum Bound {
    Line,
    Cpu,
}

impl Row {
    /// The more, the better: at least `wanted`.
    pub fn at_least(case: impl Display, bound: Bound, got: f64, wanted: f64, unit: &str) -> Self {
        Self::measured(case, bound, got, &format!("≥ {}", number(wanted, unit)), got / wanted, got >= wanted, unit)
    }

    /// The less, the better: at most `allowed`.
    pub fn at_most(case: impl Display, bound: Bound, got: f64, allowed: f64, unit: &str) -> Self {
        let ratio = if allowed == 0.0 { f64::NAN } else { got / allowed };
        Self::measured(case, bound, got, &format!("≤ {}", number(allowed, unit)), ratio, got <= allowed, unit)
    }

    /// Nothing to reach, but good to know.
    pub fn informative(case: impl Display, bound: Bound, figure: impl Display) -> Self {
        let dash = || "-".to_owned();
        Self { case: case.to_string(), bound, figure: figure.to_string(), limit: dash(), verdict: dash() }
    }

    fn measured(
        case: impl Display,
        bound: Bound,
        got: f64,
        limit: &str,
        ratio: f64,
        is_good: bool,
        unit: &str,
    ) -> Self {
        let word = if is_good { "ok" } else { "**short**" };
        let verdict = if ratio.is_finite() { format!("{ratio:.2} {word}") } else { word.to_owned() };
        Self { case: case.to_string(), bound, figure: number(got, unit), limit: limit.to_owned(), verdict }
    }
}

fn number(value: f64, unit: &str) -> String {
    let value = match value.abs() {
        v if v >= 100.0 || v.fract() == 0.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    };
    format!("{value} {unit}").trim_end().to_owned()
}

/// One Markdown table of all rows.
pub fn print_head() {
    println!("| case | bound by | figure | limit | figure / limit |");
    println!("| --- | --- | ---: | ---: | --- |");
}

pub fn print(row: &Row) {
    let bound = match row.bound {
        Bound::Line => "line",
        Bound::Cpu => "CPU",
    };
    println!("| {} | {bound} | {} | {} | {} |", row.case, row.figure, row.limit, row.verdict);
}

/// The value that this part of them, from 0 to 1, does not exceed.
pub fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = (values.len() as f64 * part).ceil() as usize;
    values.get(place.saturating_sub(1).min(values.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}

/// (Σx)² / (n Σx²): 1 when all get the same, 1/n when one gets everything.
pub fn jain(shares: &[f64]) -> f64 {
    let (sum, squares) = shares.iter().fold((0.0, 0.0), |(sum, squares), x| (sum + x, squares + x * x));
    sum * sum / (shares.len() as f64 * squares)
}
