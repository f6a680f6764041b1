//! What rounds look like in each format, beginning with no rounds at all.

mod people;
mod programs;

use chrono::{DateTime, NaiveDate};

use super::{Shown, write};
use crate::domain::pairing::round_view::{PairId, PairView, RoundView};
use crate::domain::state::people::PersonView;
use crate::domain::state::{Group, PersonId, Reason};
use crate::show::Format;

fn person(email: &str, name: &str, department: &str) -> PersonView<'static> {
    let [email, name, department] = [email, name, department].map(|text| &*text.to_owned().leak());
    PersonView { email, name, department }
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A pair or a trio of the people of these numbers.
fn pair(ids: &[u32], time: &str) -> PairView {
    let at = |time: &str| DateTime::parse_from_rfc3339(&format!("2026-12-02T{time}:00+02:00")).unwrap();
    let (start, end) = time.split_once('-').unwrap();
    let group = match *ids {
        [a, b] => Group::Pair([a, b].map(PersonId::from_number)),
        [a, b, c] => Group::Trio([a, b, c].map(PersonId::from_number)),
        _ => unreachable!("two or three"),
    };
    PairView { id: PairId { date: date("2026-12-02"), group }, start: at(start), end: at(end), met_before: None }
}

fn round(
    people: &[PersonView<'static>],
    pairs: Vec<PairView>,
    left_out: Vec<(PersonView<'static>, Reason)>,
) -> RoundView<'static> {
    let people = people.to_vec().leak();
    let left_out = left_out.into_iter().map(|(person, reason)| (person, &*Box::leak(Box::new(reason)))).collect();
    let best_possible_pairs = pairs.len();
    let timezone = crate::domain::zone::Zone::compiled_in(chrono_tz::Tz::Europe__Kyiv);
    let date = date("2026-12-02");
    RoundView { date, seed: 7, timezone, people, pairs, left_out, best_possible_pairs, optimal: true }
}

fn company() -> RoundView<'static> {
    let [ann, taro, zoe] = [("ann", "Ann Lee", "Sales"), ("taro", "山田 太郎", "営業"), ("zoe", "Zoë Łuczak", "R&D")]
        .map(|(email, name, department)| person(&format!("{email}@example.com"), name, department));
    let [bob, gone] = [("bob", "Bob", "IT"), ("gone", "gone@example.com", "")]
        .map(|(email, name, department)| person(&format!("{email}@example.com"), name, department));
    let left = |name: &str| person(&format!("{}@example.com", name.to_lowercase()), name, "Finance");
    let paused = || Reason::Paused(date("2026-12-31"));
    round(
        &[ann, taro, zoe, bob, gone],
        vec![pair(&[1, 2], "11:00-11:30"), pair(&[3, 4, 5], "15:10-15:40")],
        vec![(left("Dan"), Reason::NoPartner("department".into())), (left("Eve"), paused()), (left("Fay"), paused())],
    )
}

fn hostile() -> RoundView<'static> {
    let [a, b] = [
        person("a@example.com", "@ann [x](http://e.example)\n| <img src=x>", "=HYPERLINK(\"x\")"),
        person("+b@example.com", "\u{1b}[31m*Bob*\u{202e}", "- `R`\t# 1"),
    ];
    round(&[a, b], vec![pair(&[1, 2], "15:10-15:40")], vec![(a, Reason::Limit)])
}

fn shown(rounds: &[RoundView], format: Format) -> String {
    let expect: Vec<String> = match rounds {
        [] => vec![],
        _ => vec!["no repeat before the round of 2027-08-11".into(), "everyone has met everyone by 2027-08-04".into()],
    };
    let month = Some("2026-12".parse().unwrap());
    let shown = Shown { title: "Coffee Roulette", month, seed: 7, rounds, expect: &expect, planned: true };
    let mut out = Vec::new();
    write(&shown, format, None, &mut out).unwrap();
    String::from_utf8(out).unwrap().chars().map(seen).collect()
}

/// The letter, escaped where a reader of this file would not see it.
fn seen(c: char) -> String {
    let unseen = c != '\n' && c.is_control() || matches!(c, '\u{200b}' | '\u{202e}');
    if unseen { c.escape_default().to_string() } else { c.to_string() }
}

#[test]
fn no_rounds_are_said_to_be_none() {
    insta::assert_snapshot!(shown(&[], Format::Table), @"
    Coffee Roulette · December 2026

    No rounds to draw.
    ");
    insta::assert_snapshot!(shown(&[], Format::Json), @r#"
    {
      "month": "2026-12",
      "seed": 7,
      "rounds": [],
      "expect": []
    }
    "#);
    insta::assert_snapshot!(shown(&[], Format::Csv), @"round,pair,start,end,timezone,email_1,name_1,department_1,email_2,name_2,department_2,email_3,name_3,department_3,repeat,left_out_reason");
    insta::assert_snapshot!(shown(&[], Format::Markdown), @"
    ## Coffee Roulette · December 2026

    No rounds to draw.
    ");
}

#[test]
fn names_from_outside_stay_names() {
    insta::assert_snapshot!(shown(&[hostile()], Format::Table), @r#"
    Coffee Roulette · December 2026 · planned · seed 7

    Wednesday 2 December 2026 · times in Europe/Kyiv · 1 pair · best possible

    time    person                                     department        person        department
    ─────────────────────────────────────────────────────────────────────────────────────────────
    15:10   @ann [x](http://e.example)�| <img src=x>   =HYPERLINK("x")   �[31m*Bob*�   - `R`�# 1

    left out                     people
    ───────────────────────────────────────────────────────────────────────────────────────
    limit: max_pairs_per_round   @ann [x](http://e.example)�| <img src=x> (=HYPERLINK("x"))

    no repeat before the round of 2027-08-11
    everyone has met everyone by 2027-08-04
    "#);
    insta::assert_snapshot!(shown(&[hostile()], Format::Markdown), @r#"
    ## Coffee Roulette · December 2026 · planned · seed 7

    ### Wednesday 2 December 2026 · times in Europe/Kyiv · 1 pair · best possible

    | time | person | department | person | department |
    | --- | --- | --- | --- | --- |
    | 15:10 | @\u{200b}ann \[x\](http:\u{200b}//e.example)�&#124; &lt;img src=x&gt; | =HYPERLINK("x") | �\[31m\*Bob\*� | - \`R\`�\# 1 |

    Left out:

    - limit: max\_pairs\_per\_round: @\u{200b}ann \[x\](http:\u{200b}//e.example)�&#124; &lt;img src=x&gt; (=HYPERLINK("x"))

    What to expect:

    - no repeat before the round of 2027-08-11
    - everyone has met everyone by 2027-08-04
    "#);
    insta::assert_snapshot!(shown(&[hostile()], Format::Csv), @r#"
    round,pair,start,end,timezone,email_1,name_1,department_1,email_2,name_2,department_2,email_3,name_3,department_3,repeat,left_out_reason
    2026-12-02,2026-12-02/1-2,2026-12-02T15:10:00+02:00,2026-12-02T15:40:00+02:00,Europe/Kyiv,a@example.com,'@ann [x](http://e.example)�| <img src=x>,"'=HYPERLINK(""x"")",'+b@example.com,�[31m*Bob*�,'- `R`�# 1,,,,false,
    2026-12-02,,,,Europe/Kyiv,a@example.com,'@ann [x](http://e.example)�| <img src=x>,"'=HYPERLINK(""x"")",,,,,,,,limit: max_pairs_per_round
    "#);
}
