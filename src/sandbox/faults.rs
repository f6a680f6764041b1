//! Trouble on request: which calls fail, and how. `KIND[=VALUE]:[METHOD]:[PATH-PREFIX]:[NTH or A-B]`. Knows methods and
//! paths; knows no model, and does no harm itself.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How a fault is written.
pub const GRAMMAR: &str = "KIND[=VALUE]:[METHOD]:[PATH-PREFIX]:[NTH or A-B], where KIND is a status from 400 to 599 \
    (=SECONDS for Retry-After), drop-before, drop-after, hang-before=MS, hang-after=MS, latency=MS, drip=MS, \
    no-answer, no-answer-after, gateway=STATUS, endless, huge=MB, echo=STATUS, says=STATUS/WORDS, null-links, \
    date=DAYS, odd=MEMBER/HOW, ungranted=OPTION, no-option=OPTION, in-progress, host-limit=N or other-organization; \
    for METHOD FRAME, which is the websocket with the paths /authorization, /ping, /ack, /ready and /activity, also \
    close=CODE[/REASON], lost, twice, silence or stale; \
    such as 500:POST:/meetings:3, 429=2::/meetings:1-2, latency=150 or close=1001:FRAME:/activity:2";

/// Used instead of a method for websocket frames. Only faults that name it affect them.
pub(super) const FRAME: &str = "FRAME";

/// What goes wrong with a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// It is refused with this status and, if given, this many seconds in `Retry-After`.
    Status(u16, Option<u64>),
    /// The connection is closed before the call takes effect.
    DropBefore,
    /// The connection is closed when the call has taken effect.
    DropAfter,
    /// It is held this long before it takes effect.
    HangBefore(Duration),
    /// The answer is held this long.
    HangAfter(Duration),
    /// It takes this much longer.
    Latency(Duration),
    /// The answer's body is sent byte by byte, at this interval.
    Drip(Duration),
    /// A portal answers 200 instead of Webex: the call takes no effect.
    NoAnswer,
    /// The same, when the call has taken effect.
    NoAnswerAfter,
    /// A gateway answers instead of Webex.
    Gateway(u16),
    /// It is refused, and the refusal repeats the whole request.
    Echo(u16),
    /// It is refused with this status and these words.
    Says(u16, String),
    /// It is answered in an unexpected way.
    OddAnswer(OddAnswer),
    /// The websocket is closed with this code and reason instead of the frame.
    Close(u16, String),
    /// The frame gets lost.
    Lost,
    /// The frame, or the answer to it, is sent twice.
    Twice,
    /// From here on nothing is sent on this connection, which stays open.
    Silence,
    /// Webex forgets the device, and cuts its connection.
    Stale,
}

/// How an answer may be unexpected, although Webex may answer like that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum OddAnswer {
    /// Every page of a list links to another.
    Endless,
    /// This many spaces come before it.
    Huge(usize),
    /// The answer's date is this many days from now.
    Date(i64),
    /// Links to the next page carry a stray `max=null`.
    NullLinks,
    /// This member of the answer is missing, null, of another type, or an unknown one.
    Odd(String, String),
    /// The site does not grant this option, and warns.
    Ungranted(String),
    /// The site refuses requests for this option.
    NoOption(String),
    /// Somebody came to the meeting early: it can be neither moved nor cancelled.
    InProgress,
    /// A host can have at most this many meetings at one time.
    HostLimit(usize),
    /// The bot belongs to another organization, and finds nobody from this one.
    OtherOrganization,
}

/// Trouble for the calls that match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    text: String,
    kind: FaultKind,
    method: String,
    prefix: String,
    first: u64,
    last: u64,
    /// How many calls have matched.
    matched: u64,
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |what: &str| format!("{what}; it is written {GRAMMAR}");
        let parts: Vec<&str> = text.split(':').map(str::trim).collect();
        if parts.len() > 4 {
            return Err(wrong("a fault has at most four parts"));
        }
        let part = |index: usize| parts.get(index).copied().unwrap_or_default();
        let kind = kind(part(0)).ok_or_else(|| wrong(&format!("“{}” is not a fault", part(0))))?;
        let (method, prefix) = (part(1).to_ascii_uppercase(), part(2));
        if !["", "GET", "POST", "PUT", "PATCH", "DELETE", FRAME].contains(&method.as_str()) {
            return Err(wrong(&format!("“{}” is not a method", part(1))));
        }
        if !prefix.is_empty() && !prefix.starts_with('/') {
            return Err(wrong(&format!("“{prefix}” is not a path: it begins with /")));
        }
        let numbers = numbers(part(3)).ok_or_else(|| wrong(&format!("“{}” are not numbers of calls", part(3))))?;
        let (first, last) = numbers;
        Ok(Self { text: text.to_owned(), kind, method, prefix: prefix.to_owned(), first, last, matched: 0 })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn kind(text: &str) -> Option<FaultKind> {
    let (kind, value) = text.split_once('=').map_or((text, None), |(kind, value)| (kind, Some(value)));
    let number = value.and_then(|value| value.parse::<u64>().ok());
    let word = value.filter(|value| !value.is_empty()).map(str::to_owned);
    let long = number.filter(|millis| *millis <= 3_600_000).map(Duration::from_millis);
    let status = |from: u16, text: &str| text.parse().ok().filter(|status| (from..=599).contains(status));
    let many = |most: u64| number.filter(|many| *many <= most).map(|many| many as usize);
    let pair = value.and_then(|value| value.split_once('/'));
    match (kind, value) {
        ("drop-before", None) => Some(FaultKind::DropBefore),
        ("drop-after", None) => Some(FaultKind::DropAfter),
        ("no-answer", None) => Some(FaultKind::NoAnswer),
        ("no-answer-after", None) => Some(FaultKind::NoAnswerAfter),
        ("endless", None) => Some(FaultKind::OddAnswer(OddAnswer::Endless)),
        ("null-links", None) => Some(FaultKind::OddAnswer(OddAnswer::NullLinks)),
        ("in-progress", None) => Some(FaultKind::OddAnswer(OddAnswer::InProgress)),
        ("other-organization", None) => Some(FaultKind::OddAnswer(OddAnswer::OtherOrganization)),
        ("lost", None) => Some(FaultKind::Lost),
        ("twice", None) => Some(FaultKind::Twice),
        ("silence", None) => Some(FaultKind::Silence),
        ("stale", None) => Some(FaultKind::Stale),
        ("close", Some(value)) => {
            let (code, reason) = value.split_once('/').unwrap_or((value, ""));
            let code = code.parse().ok().filter(|code| (1000..5000).contains(code));
            code.filter(|_| reason.len() <= 100).map(|code| FaultKind::Close(code, reason.to_owned()))
        }
        ("hang-before", _) => long.map(FaultKind::HangBefore),
        ("hang-after", _) => long.map(FaultKind::HangAfter),
        ("latency", _) => long.map(FaultKind::Latency),
        ("drip", _) => long.map(FaultKind::Drip),
        ("gateway", Some(value)) => status(300, value).map(FaultKind::Gateway),
        ("echo", Some(value)) => status(400, value).map(FaultKind::Echo),
        ("says", _) => pair.and_then(|(number, words)| Some(FaultKind::Says(status(400, number)?, words.to_owned()))),
        ("huge", _) => many(1024).map(|megabytes| FaultKind::OddAnswer(OddAnswer::Huge(megabytes << 20))),
        ("date", Some(value)) => {
            let days = value.parse::<i64>().ok().filter(|days| days.abs() <= 36_500);
            days.map(|days| FaultKind::OddAnswer(OddAnswer::Date(days)))
        }
        ("host-limit", _) => many(1000).map(|many| FaultKind::OddAnswer(OddAnswer::HostLimit(many))),
        ("odd", _) => pair
            .filter(|(_, how)| ODD.contains(how))
            .map(|(member, how)| FaultKind::OddAnswer(OddAnswer::Odd(member.to_owned(), how.to_owned()))),
        ("ungranted", _) => word.map(|option| FaultKind::OddAnswer(OddAnswer::Ungranted(option))),
        ("no-option", _) => word.map(|option| FaultKind::OddAnswer(OddAnswer::NoOption(option))),
        (kind, value) => {
            status(400, kind).filter(|_| value.is_none() || number.is_some()).map(|it| FaultKind::Status(it, number))
        }
    }
}

/// How a member of an answer may be odd.
pub(super) const ODD: [&str; 8] = ["missing", "null", "number", "text", "flag", "list", "object", "extra"];

fn numbers(text: &str) -> Option<(u64, u64)> {
    if text.is_empty() {
        return Some((1, u64::MAX));
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (1 <= first && first <= last).then_some((first, last))
}

impl Fault {
    fn strikes(&mut self, method: &str, path: &str) -> bool {
        let any = self.method.is_empty() && method != FRAME;
        if !(any || self.method == method) || !path.starts_with(&self.prefix) {
            return false;
        }
        self.matched += 1;
        (self.first..=self.last).contains(&self.matched)
    }
}

/// What is going to happen to a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Injected {
    pub(super) latency: Duration,
    /// The first of several faults.
    pub(super) kind: Option<FaultKind>,
}

/// Counts the call with every fault that matches it. `path` is below `/v1`.
pub(super) fn injected(faults: &mut [Fault], method: &str, path: &str) -> Injected {
    let mut injected = Injected::default();
    for fault in faults {
        if fault.strikes(method, path) {
            match &fault.kind {
                FaultKind::Latency(long) => injected.latency += *long,
                kind => injected.kind = injected.kind.or_else(|| Some(kind.clone())),
            }
        }
    }
    injected
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fates(specs: &[&str], calls: &[(&str, &str)]) -> Vec<Option<FaultKind>> {
        let mut faults: Vec<Fault> = specs.iter().map(|spec| spec.parse().unwrap()).collect();
        calls.iter().map(|(method, path)| injected(&mut faults, method, path).kind).collect()
    }

    #[test]
    fn without_faults_nothing_goes_wrong() {
        assert_eq!(fates(&[], &[("GET", "/meetings")]), [None]);
    }

    #[test]
    fn a_fault_strikes_the_calls_it_names_and_counts_only_those() {
        let calls = [
            ("GET", "/meetings"),
            ("POST", "/meetings"),
            ("POST", "/meetings"),
            ("POST", "/messages"),
            ("POST", "/meetings"),
        ];
        let hit = Some(FaultKind::Status(500, None));
        let expected = [None, None, hit.clone(), None, None];
        assert_eq!(fates(&["500:POST:/meetings:2"], &calls), expected);
        let expected = [None, None, hit.clone(), None, hit.clone()];
        assert_eq!(fates(&["500:POST:/meetings:2-3"], &calls), expected);
        assert_eq!(fates(&["500"], &calls), vec![hit.clone(); 5]);
        assert_eq!(fates(&["500:::4"], &calls), [None, None, None, hit.clone(), None]);
        assert_eq!(fates(&["drop-after:post:/meetings:1", "500"], &calls)[..2], [hit, Some(FaultKind::DropAfter)]);
    }

    #[test]
    fn latencies_add_up() {
        let mut faults = ["latency=100".parse().unwrap(), "latency=50:GET".parse().unwrap()];
        assert_eq!(injected(&mut faults, "GET", "/meetings").latency, Duration::from_millis(150));
        assert_eq!(injected(&mut faults, "POST", "/meetings").latency, Duration::from_millis(100));
    }

    #[test]
    fn what_is_not_a_fault_is_told_with_what_is() {
        for wrong in [
            "",
            "boom",
            "200",
            "600",
            "500:FETCH",
            "500:GET:meetings",
            "500:::0",
            "500:::3-2",
            "500:::x",
            "latency",
            "latency=x",
            "latency=99999999",
            "drop-before=3",
            "429=soon",
            "500:a:b:c:d",
            "drip",
            "gateway=200",
            "gateway",
            "echo=soon",
            "says=400",
            "says=200/fine",
            "odd=items/upside-down",
            "odd=items",
            "ungranted",
            "endless=3",
            "date",
            "date=soon",
            "close",
            "close=99",
            "twice=2",
        ] {
            let error = wrong.parse::<Fault>().unwrap_err();
            assert!(error.ends_with(GRAMMAR), "{error}");
        }
        assert_eq!("429=2::/meetings:1-2".parse::<Fault>().unwrap().kind, FaultKind::Status(429, Some(2)));
    }
}
