//! The report as one page: the figures that matter first, then each chart with its table beside it. Knows where
//! everything goes; its words are those of the other formats.

use std::fmt::Write;

use chrono::NaiveDate;

use super::chart::{self, Cell, Layer, Line};
use super::escaped;
use crate::domain::report::{
    DepartmentCell, DepartmentTable, FEWEST, NetworkPoint, OutcomeCounts, PartnerCount, Report, RoundFigures,
};
use crate::show::report::{
    Section, Shown, Table, Topic, department_name, headline, partners_words, ratio, sections, shows_confirmed,
};

const STYLE: &str = include_str!("report.css");
/// The most departments in the grid: the largest ones.
const MOST_DEPARTMENTS: usize = 16;
/// The most empty bars between two bars.
const MOST_EMPTY: usize = 20;

/// A chart, what it shows, and what its signs mean.
struct Figure {
    caption: String,
    svg: String,
    /// A sign's class and what it means.
    legend: Vec<(&'static str, &'static str)>,
}

/// The whole page.
pub(in crate::show) fn page(shown: Shown<'_>) -> String {
    let Shown { programme, report } = shown;
    let programme = escaped(programme);
    let span = format!("{} to {}", long(report.from), long(report.to));
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
        content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta \
        http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>{programme}: \
        report, {span}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{}\n<main>\n<header>\n<p class=\"what\">Report</p>\n\
        <h1>{programme}</h1>\n<p class=\"span\">{span}</p>\n</header>\n<section class=\"keys\" aria-label=\"In short\">\n",
        chart::HATCH
    );
    for key in headline(report) {
        let _ = writeln!(
            html,
            "<div class=\"key\"><h2>{}</h2><p class=\"value\">{}</p><p>{}</p></div>",
            key.title,
            escaped(&key.value),
            escaped(&key.sentence)
        );
    }
    html.push_str("</section>\n");
    for section in sections(report) {
        add_section(&mut html, report, &section);
    }
    html.push_str("<footer>\n<p>");
    html.push_str(
        "A meeting took place if people were seen together at Webex or if one of them said that they met; it did not \
            if they only said that they could not. Of all other meetings it is unknown. A meeting of three counts as \
            one. People who left the company count as participants; the network and the departments cover only \
            people who are there today.",
    );
    if report.anonymous {
        let _ = write!(html, " This report names nobody, and shows no figure about fewer than {FEWEST} people.");
    }
    html.push_str("</p>\n</footer>\n</main>\n</body>\n</html>\n");
    html
}

fn long(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

fn add_section(html: &mut String, report: &Report, section: &Section) {
    let _ = writeln!(html, "<section>\n<h2>{}</h2>", section.title);
    for line in &section.says {
        let _ = writeln!(html, "<p>{}</p>", escaped(line));
    }
    let figure = figure(report, section.topic);
    let beside = if figure.is_some() { "both" } else { "tables" };
    let _ = writeln!(html, "<div class=\"{beside}\">");
    if let Some(Figure { caption, svg, legend }) = figure {
        let reached = if section.topic == Topic::Departments { " tabindex=\"0\"" } else { "" };
        let _ = write!(html, "<figure>\n<div class=\"chart\"{reached}>{svg}</div>\n");
        if !legend.is_empty() {
            html.push_str("<ul class=\"legend\">");
            for (class, words) in legend {
                let _ = write!(html, "<li><span class=\"sign {class}\" aria-hidden=\"true\"></span>{words}</li>");
            }
            html.push_str("</ul>\n");
        }
        let _ = writeln!(html, "<figcaption>{}</figcaption>\n</figure>", escaped(&caption));
    }
    for table in &section.tables {
        add_table(html, section.title, table);
    }
    html.push_str("</div>\n</section>\n");
}

/// A table that scrolls within itself if it is long or wide, and is complete on paper.
fn add_table(html: &mut String, title: &str, Table { header, rows }: &Table) {
    let _ = write!(
        html,
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}: {}\">\n<table>\n<thead><tr>",
        escaped(title),
        escaped(header[0])
    );
    // A column of numbers is right-aligned.
    let is_number = |at: usize| {
        let of = |row: &Vec<String>| {
            row[at] == "hidden" || row[at].ends_with('%') || row[at].starts_with(|c: char| c.is_ascii_digit())
        };
        at > 0 && rows.iter().all(of)
    };
    let class = |at: usize| if is_number(at) { " class=\"number\"" } else { "" };
    for (at, name) in header.iter().enumerate() {
        let _ = write!(html, "<th scope=\"col\"{}>{name}</th>", class(at));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        html.push_str("<tr>");
        for (at, text) in row.iter().enumerate() {
            let (open, close) = match at {
                0 if text.parse::<NaiveDate>().is_ok() => ("th scope=\"row\" class=\"date\"", "th"),
                0 => ("th scope=\"row\"", "th"),
                _ => ("td", "td"),
            };
            let _ = write!(html, "<{open}{}>{}</{close}>", class(at), escaped(text));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table>\n</div>\n");
}

fn figure(report: &Report, topic: Topic) -> Option<Figure> {
    match topic {
        Topic::Meetings => meetings(report),
        Topic::Network => network(report),
        Topic::Departments => Some(departments(&report.departments)),
        Topic::Participation => participation(report),
        Topic::Partners => partners(report),
        Topic::Newcomers | Topic::LeftOut => None,
    }
}

fn dates(report: &Report) -> Vec<NaiveDate> {
    report.rounds.iter().map(|round| round.date).collect()
}

fn meetings(report: &Report) -> Option<Figure> {
    let layer = |class, of: fn(&OutcomeCounts) -> Option<usize>| {
        let values = report.rounds.iter().map(|round| of(&round.outcomes).map(|count| count as f64));
        values.collect::<Option<Vec<f64>>>().map(|values| Layer { class, values })
    };
    let layers =
        [layer("held", |it| it.held)?, layer("unknown", |it| it.unknown)?, layer("not-held", |it| it.not_held)?];
    if report.rounds.is_empty() {
        return None;
    }
    let caption = "Share of each round’s meetings. How many took place lies between the top of the solid part and the top of \
        the hatched one.";
    let svg = chart::stacked("Share of meetings that took place, by round", &dates(report), &layers, true);
    let legend = vec![("held", "took place"), ("unknown", "not known"), ("not-held", "did not take place")];
    Some(Figure { caption: caption.to_owned(), svg, legend })
}

fn network(report: &Report) -> Option<Figure> {
    let points = &report.network.points;
    points.first()?;
    let before = report.network.before.unwrap_or(0.0);
    let line = |class, of: fn(&NetworkPoint) -> f64| {
        let values = std::iter::once(before).chain(points.iter().map(of)).collect();
        Line { class, values }
    };
    let mut lines = vec![line("random", |point| point.shuffled), line("share", |point| point.share)];
    let mut legend = vec![("line-share", "as drawn"), ("line-random", "the same meetings put together at random")];
    if shows_confirmed(report) {
        lines.insert(0, line("confirmed", |point| point.confirmed.unwrap_or(0.0)));
        legend.push(("line-confirmed", "by meetings known to have taken place"));
    }
    let dates: Vec<NaiveDate> = points.iter().map(|point| point.date).collect();
    let svg = chart::lines("Share of colleagues in other departments within two steps, by round", &dates, &lines, true);
    let caption = "Share of colleagues in other departments whom people reach through one colleague.";
    Some(Figure { caption: caption.to_owned(), svg, legend })
}

/// The class of a cell, and its text.
fn shade(ratio: f64) -> &'static str {
    match ratio {
        _ if ratio < 0.25 => "least",
        _ if ratio < 0.75 => "less",
        _ if ratio <= 1.25 => "even",
        _ if ratio <= 2.0 => "more",
        _ => "most",
    }
}

fn departments(table: &DepartmentTable) -> Figure {
    let shown = table.departments.len().min(MOST_DEPARTMENTS);
    let names: Vec<&str> = (0..shown).map(|at| department_name(table, at)).collect();
    let cells: std::collections::HashMap<(usize, usize), &DepartmentCell> =
        table.cells.iter().map(|cell| ((cell.a, cell.b), cell)).collect();
    let cell = |row: usize, column: usize| match cells.get(&(column, row)) {
        None => Cell::Nothing,
        Some(cell) => match (cell.observed, cell.expected) {
            (Some(observed), Some(expected)) => match ratio(observed, expected) {
                Some(ratio) => Cell::Shown(shade(ratio), format!("{ratio:.1}")),
                None => Cell::Nothing,
            },
            _ => Cell::Hidden,
        },
    };
    let mut caption =
        "How often two departments met, divided by how often they would have met by chance; 1.0 means equally often. \
            The numbers above stand for the departments on the left."
            .to_owned();
    if shown < table.departments.len() {
        let _ = write!(caption, " Of {} departments it shows the {shown} largest.", table.departments.len());
    }
    let mut legend = vec![
        ("least", "under 0.25"),
        ("less", "0.25 to 0.75"),
        ("even", "about equally often"),
        ("more", "1.25 to 2"),
        ("most", "over 2"),
    ];
    if table.cells.iter().any(|cell| cell.observed.is_none()) {
        legend.push(("hidden", "hidden"));
    }
    let svg = chart::grid("How often departments met, compared with what is expected", &names, cell);
    Figure { caption, svg, legend }
}

fn participation(report: &Report) -> Option<Figure> {
    if report.rounds.is_empty() {
        return None;
    }
    let met = report.rounds.iter().map(|round| round.met as f64).collect();
    let mut layers = vec![Layer { class: "held", values: met }];
    let mut legend = vec![("held", "in a meeting")];
    if !report.anonymous {
        let without = |round: &RoundFigures| round.participants.unwrap_or(0).saturating_sub(round.met) as f64;
        layers.push(Layer { class: "not-held", values: report.rounds.iter().map(without).collect() });
        legend.push(("not-held", "took part without a meeting"));
    }
    let svg = chart::stacked("People who took part, by round", &dates(report), &layers, false);
    Some(Figure { caption: "People who took part in each round.".to_owned(), svg, legend })
}

fn partners(report: &Report) -> Option<Figure> {
    let bar = |it: &PartnerCount| (partners_words(it).replace(" to ", "–"), it.people as f64);
    let mut bars: Vec<(String, f64)> = Vec::new();
    let mut next = report.partners.first().map_or(0, |it| it.from);
    for it in &report.partners {
        // Numbers of partners that nobody has are shown as empty bars, unless there are very many.
        bars.extend((next..it.from.min(next + MOST_EMPTY)).map(|none| (none.to_string(), 0.0)));
        bars.push(bar(it));
        next = it.to + 1;
    }
    (!bars.is_empty()).then(|| Figure {
        caption: "How many people (up) have met how many different colleagues (across).".to_owned(),
        svg: chart::bars("People by how many different colleagues they met", &bars),
        legend: Vec::new(),
    })
}
