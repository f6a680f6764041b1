//! What other programs and spreadsheets read.
//! The keys and columns are relied upon outside.

use super::{company, date, shown};
use crate::show::Format;

#[test]
fn programs_find_every_pair_and_everyone_left_out() {
    let mut round = company();
    round.pairs[0].met_before = Some((date("2026-11-04"), true));
    insta::assert_snapshot!(shown(&[round], Format::Json), @r#"
    {
      "month": "2026-12",
      "seed": 7,
      "rounds": [
        {
          "id": "2026-12-02",
          "date": "2026-12-02",
          "seed": 7,
          "pairs": [
            {"id": "2026-12-02/1-2", "people": ["ann@example.com", "taro@example.com"], "start": "2026-12-02T11:00:00+02:00", "end": "2026-12-02T11:30:00+02:00", "repeat": true, "last_met": "2026-11-04"},
            {"id": "2026-12-02/3-4-5", "people": ["zoe@example.com", "bob@example.com", "gone@example.com"], "start": "2026-12-02T15:10:00+02:00", "end": "2026-12-02T15:40:00+02:00", "repeat": false, "last_met": null}
          ],
          "left_out": [
            {"email": "dan@example.com", "reason": "no admissible partner: department"},
            {"email": "eve@example.com", "reason": "paused until 2026-12-31"},
            {"email": "fay@example.com", "reason": "paused until 2026-12-31"}
          ],
          "best_possible_pairs": 2,
          "optimal": true
        }
      ],
      "expect": [
        "no repeat before the round of 2027-08-11",
        "everyone has met everyone by 2027-08-04"
      ]
    }
    "#);
}

#[test]
fn a_spreadsheet_has_one_row_a_pair_and_one_for_each_left_out() {
    insta::assert_snapshot!(shown(&[company()], Format::Csv), @"
    round,pair,start,end,timezone,email_1,name_1,department_1,email_2,name_2,department_2,email_3,name_3,department_3,repeat,left_out_reason
    2026-12-02,2026-12-02/1-2,2026-12-02T11:00:00+02:00,2026-12-02T11:30:00+02:00,Europe/Kyiv,ann@example.com,Ann Lee,Sales,taro@example.com,山田 太郎,営業,,,,false,
    2026-12-02,2026-12-02/3-4-5,2026-12-02T15:10:00+02:00,2026-12-02T15:40:00+02:00,Europe/Kyiv,zoe@example.com,Zoë Łuczak,R&D,bob@example.com,Bob,IT,gone@example.com,gone@example.com,,false,
    2026-12-02,,,,Europe/Kyiv,dan@example.com,Dan,Finance,,,,,,,,no admissible partner: department
    2026-12-02,,,,Europe/Kyiv,eve@example.com,Eve,Finance,,,,,,,,paused until 2026-12-31
    2026-12-02,,,,Europe/Kyiv,fay@example.com,Fay,Finance,,,,,,,,paused until 2026-12-31
    ");
}
