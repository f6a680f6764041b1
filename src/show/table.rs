//! Tables of texts, in each format. Knows what a cell may hold in each of them; does not know what the tables are
//! about.

use std::io::{self, BufWriter, Write};

use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};
use serde::Serialize;

use super::Format;
use super::text::{cell, harmless, markdown};

/// Writes the table in the format; for JSON, writes `json` instead.
pub fn write_table(
    format: Format,
    header: &[&str],
    rows: &[Vec<String>],
    json: &impl Serialize,
    width: Option<u16>,
    out: &mut (impl Write + ?Sized),
) -> io::Result<()> {
    match format {
        Format::Table => out.write_all(plain_table(header, rows, width).as_bytes()),
        Format::Json => write_json(json, out),
        Format::Csv => out.write_all(csv_table(header, rows).as_bytes()),
        Format::Markdown => out.write_all(markdown_table(header, rows).as_bytes()),
    }
}

/// Writes the value as JSON over several lines, with a final line end.
pub fn write_json(json: &impl Serialize, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    serde_json::to_writer_pretty(&mut out, json)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// The table for a terminal of `width` columns, or of any width. No line ends in white space.
pub fn plain_table(header: &[&str], rows: &[Vec<String>], width: Option<u16>) -> String {
    let rule = LineStyle::none().fill('─').junction('─');
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(rule)).set_content_arrangement(ContentArrangement::Disabled);
    if let Some(width) = width {
        table.set_width(width).set_content_arrangement(ContentArrangement::Dynamic);
    }
    table.set_header(header.iter().map(|text| harmless(text)));
    table.add_rows(rows.iter().map(|row| row.iter().map(|text| harmless(text))));
    let columns = header.len();
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, if at + 1 < columns { 2 } else { 0 }));
    }
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The table in GitHub's Markdown.
pub fn markdown_table(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        for cell in cells {
            text.push_str("| ");
            text.push_str(&cell);
            text.push(' ');
        }
        text.push_str("|\n");
    };
    line(&mut header.iter().map(|name| markdown(name)));
    line(&mut header.iter().map(|_| "---".to_owned()));
    for row in rows {
        line(&mut row.iter().map(|text| markdown(text)));
    }
    text
}

/// The table as CSV, with its header.
pub fn csv_table(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        // Memory takes every write, and lines may be of any length.
        let _ = text.write_record(cells.map(|text| cell(text).into_owned()));
    };
    line(&mut header.iter().copied());
    for row in rows {
        line(&mut row.iter().map(String::as_str));
    }
    String::from_utf8(text.into_inner().unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: [&str; 3] = ["name", "department", "pairs"];

    fn shown(format: Format, rows: &[[&str; 3]], width: Option<u16>) -> String {
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.map(String::from).to_vec()).collect();
        let mut out = Vec::new();
        write_table(format, &HEADER, &rows, &rows, width, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    const COMPANY: [[&str; 3]; 3] =
        [["山田 太郎", "営業", "1"], ["Zoë, Łuczak", "R|D", "12"], ["=Bob\u{1b}\n", "Sales and marketing", "-1"]];

    #[test]
    fn without_rows_only_the_header_is_shown() {
        insta::assert_snapshot!(shown(Format::Table, &[], None), @"
        name   department   pairs
        ─────────────────────────
        ");
        insta::assert_snapshot!(shown(Format::Markdown, &[], None), @"
        | name | department | pairs |
        | --- | --- | --- |
        ");
        insta::assert_snapshot!(shown(Format::Csv, &[], None), @"name,department,pairs");
        insta::assert_snapshot!(shown(Format::Json, &[], None), @"[]");
    }

    #[test]
    fn wide_letters_align() {
        insta::assert_snapshot!(shown(Format::Table, &COMPANY, None), @"
        name          department            pairs
        ─────────────────────────────────────────
        山田 太郎     営業                  1
        Zoë, Łuczak   R|D                   12
        =Bob��        Sales and marketing   -1
        ");
    }

    #[test]
    fn a_narrow_terminal_wraps_the_cells() {
        insta::assert_snapshot!(shown(Format::Table, &COMPANY, Some(30)), @"
        name         departmen   pairs
                     t
        ──────────────────────────────
        山田 太郎    営業        1
        Zoë,         R|D         12
        Łuczak
        =Bob��       Sales and   -1
                     marketing
        ");
    }

    #[test]
    fn a_markdown_table_keeps_its_columns() {
        insta::assert_snapshot!(shown(Format::Markdown, &COMPANY, None), @"
        | name | department | pairs |
        | --- | --- | --- |
        | 山田 太郎 | 営業 | 1 |
        | Zoë, Łuczak | R&#124;D | 12 |
        | =Bob�� | Sales and marketing | -1 |
        ");
    }

    #[test]
    fn a_csv_table_holds_no_formula() {
        insta::assert_snapshot!(format!("{:?}", shown(Format::Csv, &COMPANY, None)), @r#""name,department,pairs\n山田 太郎,営業,1\n\"Zoë, Łuczak\",R|D,12\n'=Bob��,Sales and marketing,-1\n""#);
    }
}
