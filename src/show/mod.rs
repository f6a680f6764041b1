//! What the commands show, as text in the requested format. Renders values to a writer; knows no file, no clock, no
//! network and no terminal. Texts from outside pass through [`text`], so that none of them becomes markup.

pub mod adoption;
mod html;
pub mod journal;
pub mod meetings;
pub mod names;
pub mod qr;
pub mod replan;
pub mod report;
pub mod roster_pull;
pub mod rounds;
pub mod schedule;
pub mod table;
pub mod text;

/// How to show what there is to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For reading in a terminal
    #[default]
    Table,
    /// For other programs
    Json,
    /// For spreadsheets
    Csv,
    /// For a comment on a pull request or a wiki page
    Markdown,
}

impl Format {
    /// Whether people read it: sentences may stand beside its tables.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Table | Self::Markdown)
    }
}
