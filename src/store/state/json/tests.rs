//! The form, both ways through it, and states that are not of it.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::domain::state::bookings::{
    Accounts, AtWebex, Booking, BookingRequests, CalledOff, MoveReason, OffReason, Proposal, Seen, Stage, UntoldMove,
};
use crate::domain::state::rounds::ids;
use crate::domain::state::{Joined, Released};

fn text(state: &State) -> String {
    let mut text = Vec::new();
    write(state, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn round(date: &str, pairs: Vec<[PersonId; 2]>) -> Round {
    let start = format!("{date}T15:10:00+02:00").parse().unwrap();
    Round {
        date: date.parse().unwrap(),
        seed: 42,
        timezone: crate::domain::zone::Zone::compiled_in(Tz::Europe__Kyiv),
        best_possible_pairs: pairs.len(),
        optimal: true,
        changes: Changes::default(),
        outcomes: Outcomes::default(),
        slots: vec![Slot { start, pairs, trios: vec![] }],
        left_out: vec![],
    }
}

#[test]
fn an_empty_state_is_short() {
    insta::assert_snapshot!(text(&State::default()), @r#"
    {
      "format": "roulette-state",
      "version": 1,
      "roster_size": 0,
      "people": {},
      "rounds": []
    }
    "#);
    assert_eq!(parse(text(&State::default()).as_bytes()).unwrap(), State::default());
}

#[test]
fn a_state_is_written_for_people_to_read() {
    let mut first = round("2026-12-02", (0..13).map(|it| ids([2 * it, 2 * it + 1])).collect());
    first.slots[0].trios.push(ids([26, 27, 28]));
    let someone = |reason, people: &[PersonId]| LeftOut { reason, people: people.to_vec() };
    first.left_out = vec![
        someone(Reason::Paused("2026-12-31".parse().unwrap()), &ids([29])),
        someone(Reason::NoPartner("the rule “across department”".into()), &ids([30, 31])),
        someone(Reason::OddNumber(String::new()), &ids([32])),
        someone(Reason::Limit, &(33..59).map(PersonId::new).collect::<Vec<_>>()),
    ];
    let state = State {
        people: (1..=59).map(|it| format!("p{it}@example.com").into()).collect(),
        rounds: vec![first],
        season: vec![vec![Group::Pair(ids([0, 2])), Group::Trio(ids([3, 4, 5]))], vec![Group::Pair(ids([0, 3]))]],
        roster_size: 60,
        ..State::default()
    };
    let text = text(&state);
    let (people, rest) = text.split_once("  \"rounds\"").unwrap();
    assert!(people.ends_with("    \"58\": \"p58@example.com\",\n    \"59\": \"p59@example.com\"\n  },\n"));
    insta::assert_snapshot!(format!("  \"rounds\"{rest}"), @r#"
      "rounds": [
        {
          "date": "2026-12-02",
          "seed": 42,
          "timezone": "Europe/Kyiv",
          "best_possible_pairs": 13,
          "optimal": true,
          "meetings": [
            {
              "start": "2026-12-02T15:10:00+02:00",
              "pairs": [
                [1,2], [3,4], [5,6], [7,8], [9,10], [11,12], [13,14], [15,16], [17,18], [19,20], [21,22], [23,24],
                [25,26]
              ],
              "trios": [[27,28,29]]
            }
          ],
          "left_out": [
            { "reason": "paused", "until": "2026-12-31", "people": [30] },
            { "reason": "no partner", "why": "the rule “across department”", "people": [31, 32] },
            { "reason": "odd number", "people": [33] },
            { "reason": "limit", "people": [
              34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57,
              58, 59
            ] }
          ]
        }
      ],
      "season": [
        [[1,3], [4,5,6]],
        [[1,4]]
      ]
    }
    "#);
    assert_eq!(parse(text.as_bytes()).unwrap(), state);
}

/// A state in which everything is that can be, as it was written before the reader and the writer were derived.
const EVERYTHING: &str = include_str!("everything.json");

#[test]
fn a_state_with_everything_in_it_is_written_as_it_was_read() {
    let state = parse(EVERYTHING.as_bytes()).unwrap();
    assert_eq!(state.contradictions(), [""; 0]);
    assert_eq!(text(&state), EVERYTHING);
}

#[test]
fn what_an_older_version_wrote_of_those_who_could_not_come_names_nobody_any_more() {
    let named = EVERYTHING.replace("\"the partner cannot come\"", "\"p28@example.com is paused until 2026-12-23\"");
    assert_ne!(named, EVERYTHING);
    assert_eq!(text(&parse(named.as_bytes()).unwrap()), EVERYTHING);
}

#[test]
fn what_became_of_a_round_and_who_joined_come_back_as_they_were() {
    let [a, b, c, d] = ids([0, 1, 2, 3]);
    let at = "2026-12-01T09:00:00Z".parse().unwrap();
    let changes = Changes {
        missing: vec![Group::Pair([a, b])],
        added: vec![Group::Trio([a, b, c])],
        left_out: vec![d],
        released: vec![Released { people: Group::Pair([c, d]), at, why: OffReason::Gone(vec![d]) }],
        drawn: Some((2, true)),
    };
    let round = Round { changes, ..round("2026-12-02", vec![ids([0, 1])]) };
    let left = vec![Left { person: b, name: "Bo Ek".into() }];
    let joined = Joined { person: d, on: "2026-11-30".parse().unwrap(), greeted: false };
    let people: Vec<Box<str>> = ["a", "b", "c", "d"].map(Into::into).to_vec();
    for joined in [None, Some(vec![]), Some(vec![joined])] {
        let state = State {
            people: people.clone(),
            rounds: vec![round.clone()],
            joined,
            left: left.clone(),
            ..State::default()
        };
        let text = text(&state);
        assert_eq!(parse(text.as_bytes()).unwrap(), state, "{text}");
        assert_eq!(read(text.as_bytes()), Some(state));
    }
}

#[test]
fn what_became_of_the_meetings_comes_back_as_it_was_whichever_list_is_shorter() {
    let people: Vec<Box<str>> = (0..8).map(|at| format!("p{at}").into()).collect();
    let pairs = [[0, 1], [2, 3], [4, 5]].map(ids);
    let stands = |count: usize| pairs[..count].iter().map(|pair| Group::Pair(*pair)).collect::<Vec<_>>();
    let elsewhere = Group::Pair(ids([6, 7]));
    let outcomes = |held: Vec<Group>, deleted: Vec<Group>| Outcomes { booked: 5, held, not_held: 1, deleted, moved: 2 };
    for (outcomes, written) in [
        (outcomes(stands(0), vec![]), "\"moved\": 2\n"),
        (outcomes(stands(1), vec![]), "\"held\": [[1,2]]"),
        (outcomes(stands(2), vec![]), "\"all_but\": [[5,6]]"),
        (outcomes(stands(3), vec![]), "\"all_but\": []"),
        (outcomes([stands(3), vec![elsewhere]].concat(), vec![]), "\"all_but\": [],\n        \"held\": [[7,8]]"),
        (outcomes(stands(2), vec![Group::Pair(pairs[2])]), "\"all_but\": [],\n        \"deleted\": [[5,6]]"),
    ] {
        let round = Round { outcomes, ..round("2026-12-02", pairs.to_vec()) };
        let state = State { people: people.clone(), rounds: vec![round], ..State::default() };
        let text = text(&state);
        assert!(text.contains(written), "{text}");
        assert_eq!(state.contradictions(), [""; 0]);
        assert_eq!(parse(text.as_bytes()).unwrap(), state, "{text}");
        assert_eq!(read(text.as_bytes()), Some(state));
    }
}

#[test]
fn a_year_of_a_thousand_people_fits_in_half_a_megabyte() {
    let day = NaiveDate::from_ymd_opt(2026, 12, 2).unwrap();
    let rounds = (0..52).map(|week| {
        let pairs = (0..500).map(|it| ids([it, 500 + (it + week) % 500])).collect();
        let round = round(&(day + chrono::TimeDelta::weeks(week as i64)).to_string(), pairs);
        // Of one in ten nobody said anything.
        let held: Vec<Group> = round.standing().into_iter().filter(|it| it.people()[0].index() % 10 > 0).collect();
        Round { outcomes: Outcomes { booked: 500, held, ..Outcomes::default() }, ..round }
    });
    let people = (0..1000).map(|it| format!("firstname.lastname{it}@example.com").into()).collect();
    let state = State { people, rounds: rounds.collect(), roster_size: 1000, ..State::default() };
    assert_eq!(state.contradictions(), [""; 0]);
    let size = text(&state).len();
    assert!(size < 500_000, "{size} bytes");
}

#[test]
fn blanks_and_the_order_of_fields_do_not_matter() {
    let text = r#"{"rounds":[{"seed":1,"date":"2026-12-02","meetings":[{"pairs":[ [1 ,2]
        ],"trios":[],"start":"2026-12-02T15:10:00+02:00"}],"left_out":[],"optimal":true,"timezone":"Europe/Kyiv",
        "best_possible_pairs":1}],"people":{"1":"a","2":"b"},"roster_size":2,"version":1,"format":"roulette-state"}"#;
    let expected = State {
        people: vec!["a".into(), "b".into()],
        rounds: vec![Round { seed: 1, ..round("2026-12-02", vec![ids([0, 1])]) }],
        roster_size: 2,
        ..State::default()
    };
    assert_eq!(parse(text.as_bytes()).unwrap(), expected);
}

#[test]
fn what_is_read_apart_is_what_is_read_whole() {
    let rounds = vec![round("2026-12-02", vec![ids([0, 1])]), round("2026-12-09", vec![ids([0, 2]), ids([1, 3])])];
    let mut bookings = bookings_of(&rounds);
    bookings[0].stage = Stage::Refused { why: "\"pairs\": [[1,2]]}".to_owned(), asked: "\"pairs".to_owned() };
    let state = State {
        people: vec!["a".into(), "\"pairs\":".into(), "c".into(), "pairs".into()],
        rounds,
        season: vec![vec![Group::Pair(ids([0, 3]))]],
        roster_size: 4,
        bookings,
        asked: vec![BookingRequests { at: DateTime::UNIX_EPOCH, count: 3 }],
        ..State::default()
    };
    let text = text(&state);
    assert_eq!(read(text.as_bytes()), Some(state));
    for other in ["1", "[[1,2]", "[[01,2]]", "[[1,2]],", "[[1,2]] 1", "[[1,2]], \"pairs\": [[1,2]]", "\"[[1,2]]\""] {
        assert_eq!(read(text.replace("[[1,2]]", other).as_bytes()), None, "{other}");
    }
    let number_for_list = text.replacen("\"pairs\": [[1,2]]", "\"p\\u0061irs\": 0", 1);
    assert_eq!(read(number_for_list.as_bytes()), None);
}

fn groups_of(order: Vec<PersonId>, sizes: &[usize]) -> (Vec<Group>, Vec<PersonId>) {
    let (mut groups, mut rest) = (vec![], order);
    for &size in sizes {
        if rest.len() < size {
            break;
        }
        let mut people: Vec<_> = rest.drain(..size).collect();
        people.sort_unstable();
        groups.push(match people[..] {
            [a, b, c] => Group::Trio([a, b, c]),
            [a, b, ..] => Group::Pair([a, b]),
            _ => unreachable!("sizes are 2 and 3"),
        });
    }
    (groups, rest)
}

fn reason() -> impl Strategy<Value = Reason> {
    prop_oneof![
        any::<String>().prop_map(Reason::OddNumber),
        any::<String>().prop_map(Reason::NoPartner),
        any::<String>().prop_map(|why| Reason::Cancelled(why_off::without_names(&why))),
        Just(Reason::Limit),
        Just(Reason::Unreachable),
        Just(Reason::Silent),
        Just(Reason::Holiday),
        Just(Reason::DayOff),
        (0..4000).prop_map(|day| Reason::Paused(NaiveDate::from_num_days_from_ce_opt(739_000 + day).unwrap())),
    ]
}

prop_compose! {
    fn any_round(people: usize)(
        order in Just(PersonId::first(people).collect::<Vec<_>>()).prop_shuffle(),
        sizes in vec(prop_oneof![4 => Just(2_usize), 1 => Just(3)], 0..30),
        cuts in vec(1..20_usize, 0..4),
        offset in -12 * 60..14 * 60,
        reasons in vec(reason(), 0..4),
        (seed, optimal, best_possible_pairs) in (any::<u64>(), any::<bool>(), 0..100_000_000_usize),
        timezone in proptest::sample::select(&chrono_tz::TZ_VARIANTS[..]).prop_map(crate::domain::zone::Zone::compiled_in),
    ) -> Round {
        let (mut groups, mut rest) = groups_of(order, &sizes);
        let offset = FixedOffset::east_opt(offset * 60).unwrap();
        let mut slots = vec![];
        for (hour, cut) in (0..).zip(cuts) {
            let some: Vec<_> = groups.drain(..cut.min(groups.len())).collect();
            if some.is_empty() {
                break;
            }
            let start = DateTime::from_timestamp(hour * 3600, 0).unwrap().with_timezone(&offset);
            let pairs = some.iter().filter_map(|it| if let Group::Pair(it) = it { Some(*it) } else { None });
            let trios = some.iter().filter_map(|it| if let Group::Trio(it) = it { Some(*it) } else { None });
            slots.push(Slot { start, pairs: pairs.collect(), trios: trios.collect() });
        }
        rest.sort_unstable();
        let share = rest.len().div_ceil(reasons.len().max(1)).max(1);
        let left_out = reasons.into_iter().zip(rest.chunks(share));
        let left_out = left_out.map(|(reason, people)| LeftOut { reason, people: people.to_vec() }).collect();
        Round { date: NaiveDate::default(), seed, timezone, slots, left_out, best_possible_pairs, optimal, changes: Changes::default(), outcomes: Outcomes::default() }
    }
}

/// A booking in each stage for the groups of the rounds, in turn.
fn bookings_of(rounds: &[Round]) -> Vec<Booking> {
    let groups = rounds.iter().flat_map(|round| round.groups().map(|(start, people)| (round.date, start, people)));
    let booking = |(number, (round, start, people)): (usize, (NaiveDate, DateTime<FixedOffset>, Group))| {
        let at = AtWebex { id: format!("{number:032x}").into(), link: "https://example.com/\"j\"".into() };
        let stage = match number % 6 {
            0 => Stage::Begun,
            1 => Stage::Booked(at),
            2 => Stage::Moving(at, start, 25),
            3 => Stage::Cancelling(at),
            4 => Stage::Refused { why: "no\nlicence".to_owned(), asked: "0f".to_owned() },
            _ => Stage::Deleted,
        };
        let host = (number % 4 == 0).then(|| people.people()[0]);
        let tag = format!("roulette:{round}:{number}").into();
        let one = Seen::One(people.people()[0]);
        let seen = [None, Some(Seen::Both), Some(one), Some(Seen::Nobody), Some(Seen::Unclear)];
        Booking {
            tag,
            round,
            people,
            start,
            minutes: 30,
            agreed: (number % 3 == 0).then_some(start),
            fallback: (number % 6 == 0).then_some(start),
            untold: (number % 2 == 0).then(|| UntoldMove {
                from: start,
                minutes: 20,
                why: [MoveReason::Agreed, MoveReason::DayOff, MoveReason::WorkingHours][number % 3],
                people: people.people().to_vec(),
                organizers: number % 4 == 0,
            }),
            moved_from: (number % 7 == 0).then_some(start),
            proposal: proposal_of(number, start, people),
            proposals: number as u32 % 3,
            result: None,
            accounts: Accounts {
                met: people.people()[..number % 2].to_vec(),
                could_not: people.people()[1..].to_vec(),
            },
            seen: seen[number % 5],
            host,
            asked_again: number % 2 == 0,
            beside: true,
            hosted_as: host.map(|_| "was@example.com".into()),
            invited_as: if number % 3 == 1 { vec![(people.people()[1], "old@example.com".into())] } else { vec![] },
            wait: (number % 5 == 0).then(|| start.to_utc()),
            stage,
        }
    };
    groups.enumerate().map(booking).collect()
}

fn proposal_of(number: usize, start: DateTime<FixedOffset>, people: Group) -> Option<Proposal> {
    let [by, agreed @ ..] = people.people() else { return None };
    let expires = DateTime::UNIX_EPOCH;
    number.is_multiple_of(2).then(|| Proposal { number: 1, by: *by, start, agreed: agreed.to_vec(), expires })
}

fn called_off(booking: &Booking, number: usize) -> CalledOff {
    let Booking { tag, round, people, start, minutes, .. } = booking.clone();
    let gone = OffReason::Gone(people.people()[1..].to_vec());
    let each = [
        gone,
        OffReason::Rules,
        OffReason::WeekOff,
        OffReason::NoTime,
        OffReason::DrawnAgain,
        OffReason::ByHand,
        OffReason::NeverBooked,
    ];
    CalledOff { tag, round, people, start, minutes, agreed: number.is_multiple_of(2), why: each[number % 6].clone() }
}

fn any_state() -> impl Strategy<Value = State> {
    (0..80_usize).prop_flat_map(|people| {
        let groups = (
            Just(PersonId::first(people).collect::<Vec<_>>()).prop_shuffle(),
            vec(prop_oneof![Just(2_usize), Just(3)], 0..30),
        );
        let groups = groups.prop_map(|(order, sizes)| groups_of(order, &sizes).0);
        (vec(any_round(people), 0..4), vec(groups, 0..3), vec(any::<String>(), people), 0..1_000_000_usize).prop_map(
            |(mut rounds, season, names, roster_size)| {
                for (week, round) in (0..).zip(&mut rounds) {
                    let days = chrono::TimeDelta::days(20_000 + 7 * week);
                    round.date = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + days;
                    round.slots.iter_mut().for_each(|slot| slot.start += days);
                }
                let people = (1..)
                    .zip(names)
                    .map(|(it, name)| format!("p{it}-{}@example.com", name.to_lowercase()).into_boxed_str());
                let bookings = bookings_of(&rounds);
                let called_off = bookings
                    .iter()
                    .zip(0..)
                    .map(|(booking, number): (&Booking, usize)| called_off(booking, number))
                    .collect();
                let asked = vec![BookingRequests { at: DateTime::UNIX_EPOCH, count: roster_size as u32 }];
                State {
                    people: people.collect(),
                    rounds,
                    season,
                    roster_size,
                    bookings,
                    called_off,
                    asked,
                    ..State::default()
                }
            },
        )
    })
}

proptest! {
    #[test]
    fn any_sound_state_is_the_same_once_written_and_read(state in any_state()) {
        prop_assert_eq!(state.contradictions(), Vec::<String>::new());
        let written = text(&state);
        let read = parse(written.as_bytes());
        prop_assert!(read.is_ok(), "{:?}\n{}", read, written);
        let read = read.unwrap();
        prop_assert_eq!(text(&read), written);
        prop_assert_eq!(read, state);
    }
}
