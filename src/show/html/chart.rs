//! Charts as SVG, of a few lines each: bars, lines and a grid of cells. Whatever a colour means is also shown by a
//! pattern, a dash or a number. Knows numbers and labels; the page chooses the colours.

use std::fmt::Write;

use chrono::NaiveDate;

use super::escaped;
use crate::show::report::number;

/// The width and height of a chart in its own units, and how much of that is left for labels.
const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 54.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 34.0;
/// The most dates below a chart.
const DATES: usize = 4;

/// One of several values that are stacked.
pub(super) struct Layer {
    /// The class that the page colours.
    pub(super) class: &'static str,
    /// Its values, one per column.
    pub(super) values: Vec<f64>,
}

/// A line in a chart.
pub(super) struct Line {
    /// The class that the page colours and dashes.
    pub(super) class: &'static str,
    /// Its values, one per point.
    pub(super) values: Vec<f64>,
}

/// The pattern for what is not certain: it is on the page once, before the charts.
pub(super) const HATCH: &str = "<svg class=\"defs\" aria-hidden=\"true\" width=\"0\" height=\"0\"><defs><pattern id=\"hatch\" \
    width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect class=\"hatch-ground\" \
    width=\"6\" height=\"6\"/><line class=\"hatch-line\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\"/></pattern></defs></svg>";

fn open(title: &str, (width, height): (f64, f64)) -> String {
    format!("<svg viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"{}\">", escaped(title))
}

/// A round number that is at least as large.
fn ceiling(most: f64) -> f64 {
    let power = 10_f64.powf(most.max(1.0).log10().floor());
    let steps = [1.0, 2.0, 4.0, 5.0, 10.0].map(|step| step * power);
    steps.into_iter().find(|step| *step >= most).unwrap_or(most)
}

fn height_of(value: f64, most: f64) -> f64 {
    TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - value / most.max(f64::MIN_POSITIVE))
}

/// Horizontal lines and their labels.
fn axis(svg: &mut String, most: f64, label: impl Fn(f64) -> String) {
    for quarter in 0..=4 {
        let value = most * f64::from(quarter) / 4.0;
        let y = height_of(value, most);
        let class = if quarter == 0 { "base" } else { "grid" };
        let _ = write!(
            svg,
            "<line class=\"{class}\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/><text class=\"label\" x=\"{}\" \
            y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            y + 4.0,
            escaped(&label(value))
        );
    }
}

/// A few of the labels, each at its place; the first and the last stay within the chart.
fn labels_below(svg: &mut String, labels: &[String], x: impl Fn(usize) -> f64) {
    let last = labels.len().saturating_sub(1);
    let mut places: Vec<usize> = (0..DATES).map(|place| place * last / (DATES - 1)).collect();
    places.dedup();
    for (at, label) in places.into_iter().filter_map(|at| Some((at, labels.get(at)?))) {
        let (x, anchor) = match at {
            0 if last > 0 => (LEFT, "start"),
            _ if at == last && last > 0 => (WIDTH - RIGHT, "end"),
            _ => (x(at), "middle"),
        };
        let y = HEIGHT - 12.0;
        let _ = write!(
            svg,
            "<text class=\"label\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>",
            escaped(label)
        );
    }
}

fn label_of(value: f64, is_share: bool) -> String {
    match is_share {
        true => format!("{:.0}%", value * 100.0),
        false if value.fract() == 0.0 => number(value as usize),
        false => value.to_string(),
    }
}

fn day(date: &NaiveDate) -> String {
    date.format("%-d %b %y").to_string()
}

/// Columns of stacked values, by date; together they reach up to `most`, if that is given.
pub(super) fn stacked(title: &str, dates: &[NaiveDate], layers: &[Layer], share: bool) -> String {
    let sum = |at: usize| layers.iter().map(|layer| layer.values[at]).sum::<f64>();
    let most = if share { 1.0 } else { ceiling((0..dates.len()).map(sum).fold(0.0, f64::max)) };
    let mut svg = open(title, (WIDTH, HEIGHT));
    axis(&mut svg, most, |value| label_of(value, share));
    let width = (WIDTH - LEFT - RIGHT) / dates.len().max(1) as f64;
    let gap = if width > 8.0 { 1.5 } else { 0.0 };
    for at in 0..dates.len() {
        let (all, mut below) = (sum(at), 0.0);
        for layer in layers {
            let value = if share { layer.values[at] / all.max(f64::MIN_POSITIVE) } else { layer.values[at] };
            if value <= 0.0 {
                continue;
            }
            let (top, bottom) = (height_of(below + value, most), height_of(below, most));
            below += value;
            let _ = write!(
                svg,
                "<rect class=\"{}\" x=\"{:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
                layer.class,
                LEFT + width * at as f64 + gap / 2.0,
                width - gap,
                bottom - top
            );
        }
    }
    let labels: Vec<String> = dates.iter().map(day).collect();
    labels_below(&mut svg, &labels, |at| LEFT + width * (at as f64 + 0.5));
    svg.push_str("</svg>");
    svg
}

/// Lines over dates, of shares or of counts. If there are more values than dates, the first ones are from before.
pub(super) fn lines(title: &str, dates: &[NaiveDate], lines: &[Line], share: bool) -> String {
    let values = || lines.iter().flat_map(|line| &line.values).copied();
    let most = if share { 1.0 } else { ceiling(values().fold(0.0, f64::max)) };
    let points = lines.iter().map(|line| line.values.len()).max().unwrap_or(0);
    let step = (WIDTH - LEFT - RIGHT) / points.saturating_sub(1).max(1) as f64;
    let x = |at: usize| LEFT + step * at as f64;
    let mut svg = open(title, (WIDTH, HEIGHT));
    axis(&mut svg, most, |value| label_of(value, share));
    for line in lines {
        let mut path = String::new();
        for (at, value) in line.values.iter().enumerate() {
            let _ = write!(path, "{}{:.1} {:.1}", if at == 0 { "M" } else { "L" }, x(at), height_of(*value, most));
        }
        let _ = write!(svg, "<path class=\"line {}\" d=\"{path}\"/>", line.class);
        if let Some(value) = line.values.last() {
            let (x, y) = (x(line.values.len() - 1), height_of(*value, most));
            let _ = write!(svg, "<circle class=\"{}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"/>", line.class);
        }
    }
    let before = points.saturating_sub(dates.len());
    let labels: Vec<String> = std::iter::repeat_n("before".to_owned(), before).chain(dates.iter().map(day)).collect();
    labels_below(&mut svg, &labels, x);
    svg.push_str("</svg>");
    svg
}

/// Bars side by side, each with its label below.
pub(super) fn bars(title: &str, bars: &[(String, f64)]) -> String {
    let most = ceiling(bars.iter().map(|(_, value)| *value).fold(0.0, f64::max));
    let mut svg = open(title, (WIDTH, HEIGHT));
    axis(&mut svg, most, |value| label_of(value, false));
    let width = (WIDTH - LEFT - RIGHT) / bars.len().max(1) as f64;
    let every = bars.len().div_ceil(12).max(1);
    for (at, (label, value)) in bars.iter().enumerate() {
        let (top, x) = (height_of(*value, most), LEFT + width * at as f64);
        let (gap, wide) = (width.min(60.0) * 0.12, width.min(60.0));
        let _ = write!(
            svg,
            "<rect class=\"held\" x=\"{:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
            x + (width - wide) / 2.0 + gap,
            wide - 2.0 * gap,
            HEIGHT - BOTTOM - top
        );
        if at.is_multiple_of(every) {
            let _ = write!(
                svg,
                "<text class=\"label\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                x + width / 2.0,
                HEIGHT - 12.0,
                escaped(label)
            );
        }
    }
    svg.push_str("</svg>");
    svg
}

/// A cell of a grid.
pub(super) enum Cell {
    /// Nothing can be in it.
    Nothing,
    /// Its value is hidden.
    Hidden,
    /// Its class and its text.
    Shown(&'static str, String),
}

/// A grid of cells with the same rows and columns: the lower half, with names for the rows and numbers for the columns.
pub(super) fn grid(title: &str, names: &[&str], cell: impl Fn(usize, usize) -> Cell) -> String {
    let (size, left, top) = (36.0, 168.0, 22.0);
    let (width, height) = (left + size * names.len() as f64 + 4.0, top + size * names.len() as f64 + 4.0);
    let mut svg = open(title, (width.max(320.0), height));
    // A wide grid scrolls, rather than becoming unreadable.
    svg = svg.replacen("<svg ", &format!("<svg style=\"min-width:{:.0}px\" ", width * 0.7), 1);
    for (row, name) in names.iter().enumerate() {
        let y = top + size * row as f64;
        let short: String =
            if name.chars().count() > 20 { name.chars().take(19).chain(['…']).collect() } else { (*name).to_owned() };
        let _ = write!(
            svg,
            "<text class=\"label name\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{} <tspan class=\"number\">{}</tspan>\
            </text><text class=\"label number\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            left - 8.0,
            y + size / 2.0 + 4.0,
            escaped(&short),
            row + 1,
            left + size * (row as f64 + 0.5),
            top - 7.0,
            row + 1
        );
        for column in 0..=row {
            let x = left + size * column as f64;
            let (class, text) = match cell(row, column) {
                Cell::Nothing => ("nothing", String::new()),
                Cell::Hidden => ("hidden", String::new()),
                Cell::Shown(class, text) => (class, text),
            };
            let _ = write!(
                svg,
                "<rect class=\"cell {class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"3\"/>",
                x + 1.0,
                y + 1.0,
                size - 2.0,
                size - 2.0
            );
            if !text.is_empty() {
                let _ = write!(
                    svg,
                    "<text class=\"value on-{class}\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                    x + size / 2.0,
                    y + size / 2.0 + 4.0,
                    escaped(&text)
                );
            }
        }
    }
    svg.push_str("</svg>");
    svg
}
