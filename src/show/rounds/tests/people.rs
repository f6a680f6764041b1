//! What people read: an organizer in a terminal, a reviewer in a comment.
//! As it is shown, to the letter.

use super::{company, date, round, shown};
use crate::domain::pairing::round_view::RoundView;
use crate::show::Format;
use crate::show::rounds::{Shown, words, write};

#[test]
fn a_round_without_pairs_says_so() {
    insta::assert_snapshot!(shown(&[round(&[], vec![], vec![])], Format::Table), @"
    Coffee Roulette · December 2026 · planned · seed 7

    Wednesday 2 December 2026 · no pairs · best possible

    no repeat before the round of 2027-08-11
    everyone has met everyone by 2027-08-04
    ");
}

#[test]
fn an_organizer_reads_who_meets_whom_and_who_is_left_out() {
    insta::assert_snapshot!(shown(&[company()], Format::Table), @"
    Coffee Roulette · December 2026 · planned · seed 7

    Wednesday 2 December 2026 · times in Europe/Kyiv · 1 pair, 1 trio · best possible

    time    person       department   person               department
    ─────────────────────────────────────────────────────────────────
    11:00   Ann Lee      Sales        山田 太郎            営業
    15:10   Zoë Łuczak   R&D          Bob                  IT
                                      + gone@example.com

    left out                            people
    ─────────────────────────────────────────────────────────────────
    no admissible partner: department   Dan (Finance)
    paused until 2026-12-31             Eve (Finance) · Fay (Finance)

    no repeat before the round of 2027-08-11
    everyone has met everyone by 2027-08-04
    ");
}

#[test]
fn a_meeting_on_another_day_than_its_round_shows_the_day() {
    let round = RoundView { date: date("2026-12-01"), ..company() };
    let times: Vec<_> = words::rows(&round).into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(times, ["2 Dec 11:00", "2 Dec 15:10", ""]);
}

#[test]
fn a_repeat_shows_when_they_met() {
    let mut round = company();
    round.pairs[0].met_before = Some((date("2026-11-04"), true));
    round.left_out.clear();
    insta::assert_snapshot!(shown(&[round], Format::Table), @"
    Coffee Roulette · December 2026 · planned · seed 7

    Wednesday 2 December 2026 · times in Europe/Kyiv · 1 pair, 1 trio · 1 repeat · best possible

    time    person       department   person               department   repeat
    ──────────────────────────────────────────────────────────────────────────────────
    11:00   Ann Lee      Sales        山田 太郎            営業         met 2026-11-04
    15:10   Zoë Łuczak   R&D          Bob                  IT
                                      + gone@example.com

    no repeat before the round of 2027-08-11
    everyone has met everyone by 2027-08-04
    ");
}

#[test]
fn a_round_that_is_not_proven_best_says_how_far_it_may_be() {
    let heading = |best_possible_pairs, repeat: Option<&str>| {
        let mut round = RoundView { best_possible_pairs, optimal: false, ..company() };
        round.pairs[0].met_before = repeat.map(|day| (date(day), true));
        words::heading(&round)
    };
    insta::assert_snapshot!(heading(3, None), @"Wednesday 2 December 2026 · times in Europe/Kyiv · 2 of at most 3 pairs (1 trio among them)");
    insta::assert_snapshot!(heading(2, Some("2026-11-04")), @"Wednesday 2 December 2026 · times in Europe/Kyiv · 1 pair, 1 trio · 1 repeat · most pairs possible");
}

#[test]
fn a_narrow_terminal_keeps_the_columns_apart() {
    let round = company();
    let shown = Shown { title: "Coffee", month: None, seed: 7, rounds: &[round], expect: &[], planned: false };
    let mut out = Vec::new();
    write(&shown, Format::Table, Some(50), &mut out).unwrap();
    insta::assert_snapshot!(String::from_utf8(out).unwrap(), @"
    Coffee · seed 7

    Wednesday 2 December 2026 · times in Europe/Kyiv · 1 pair, 1 trio · best possible

    time    person      departme   person     departme
                        nt                    nt
    ──────────────────────────────────────────────────
    11:00   Ann Lee     Sales      山田       営業
                                   太郎
    15:10   Zoë         R&D        Bob        IT
            Łuczak
                                   + gone@e
                                   xample.c
                                   om

    left out                  people
    ─────────────────────────────────────────────
    no admissible partner:    Dan (Finance)
    department
    paused until 2026-12-31   Eve (Finance) · Fay
                              (Finance)
    ");
}

#[test]
fn a_reviewer_reads_the_preview_in_a_comment() {
    insta::assert_snapshot!(shown(&[company()], Format::Markdown), @r"
    ## Coffee Roulette · December 2026 · planned · seed 7

    ### Wednesday 2 December 2026 · times in Europe/Kyiv · 1 pair, 1 trio · best possible

    | time | person | department | person | department |
    | --- | --- | --- | --- | --- |
    | 11:00 | Ann Lee | Sales | 山田 太郎 | 営業 |
    | 15:10 | Zoë Łuczak | R&amp;D | Bob | IT |
    |  |  |  | + gone@\u{200b}example.com |  |

    Left out:

    - no admissible partner: department: Dan (Finance)
    - paused until 2026-12-31: Eve (Finance) · Fay (Finance)

    What to expect:

    - no repeat before the round of 2027-08-11
    - everyone has met everyone by 2027-08-04
    ");
}
