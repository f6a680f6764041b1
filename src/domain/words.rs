//! What participants read. All of it is here and in `cards/`.
//! Pure functions from values to text; what people are called is never trusted to be short or harmless.

/// The longest title that Webex takes, in characters.
const TITLE: usize = 128;
/// The longest agenda that Webex takes, in characters.
const AGENDA: usize = 1_300;
/// The longest name that a text holds, in characters.
const NAME: usize = 60;

/// Somebody who meets: name and department.
#[derive(Clone, Copy, Debug)]
pub struct Who<'a> {
    /// Their name.
    pub name: &'a str,
    /// Their department.
    pub department: &'a str,
}

/// The title of a meeting.
pub fn title(programme: &str, people: &[Who<'_>]) -> String {
    let names: Vec<String> = people.iter().map(|who| short(who.name, NAME / 2)).collect();
    cut(format!("{}: {}", short(programme, NAME), together(&names)), TITLE)
}

/// The agenda of a meeting.
pub fn agenda(programme: &str, people: &[Who<'_>], starter: &str) -> String {
    let who = |who: &Who<'_>| match who.department {
        "" => short(who.name, NAME),
        department => format!("{} ({})", short(who.name, NAME), short(department, NAME)),
    };
    let names: Vec<String> = people.iter().map(who).collect();
    let agenda = format!(
        "{} meet in {}: a short talk among colleagues who seldom meet.\n\n\
         There is nothing to prepare. If you like something to begin with:\n{starter}",
        together(&names),
        short(programme, NAME),
    );
    cut(agenda, AGENDA)
}

/// A conversation starter, by number: numbers that follow each other give different ones.
pub fn starter(number: u64) -> &'static str {
    STARTERS[(number % STARTERS.len() as u64) as usize]
}

/// Names as in a sentence.
fn together(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// On one line, and at most so many characters.
pub fn short(text: &str, most: usize) -> String {
    let line: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    cut(line, most)
}

fn cut(mut text: String, most: usize) -> String {
    if let Some((end, _)) = text.char_indices().nth(most) {
        let last = text[..end].char_indices().next_back().map_or(0, |(at, _)| at);
        text.truncate(last);
        text.push('…');
    }
    text
}

const STARTERS: [&str; 41] = [
    "What did you want to become when you were ten?",
    "Which small thing made your week better?",
    "What does your team do that others hardly know about?",
    "Which place near your home should every visitor see?",
    "What have you learnt lately that had nothing to do with work?",
    "Which part of your work would you like to explain to a child?",
    "What do you listen to while you work, if anything?",
    "Which meal do you cook when friends come?",
    "What was your very first job?",
    "Which book, film or series would you give to everybody here?",
    "What would you do with a free afternoon tomorrow?",
    "Which question are you asked most often at work?",
    "What surprised you when you joined the company?",
    "Which tool could you not work without?",
    "What is the view from where you sit right now?",
    "Which sport, game or hobby did you give up, and would you start again?",
    "What does a perfect morning look like for you?",
    "Who taught you something that you still use every day?",
    "Which word do you like best in a language that you speak?",
    "What would you improve here if it took only one day?",
    "Which journey would you make again at once?",
    "What is the best advice that you ever ignored?",
    "Which holiday of your country needs explaining?",
    "What do you do to end a working day?",
    "Which animal lives with you, or would you like to have?",
    "What could you give a short talk about without preparing?",
    "Which mistake taught you the most?",
    "What did the last thing you repaired look like before?",
    "Which smell brings back your childhood?",
    "What are you looking forward to?",
    "Which colleague helped you lately, and how?",
    "What do people believe about your job that is not so?",
    "Which season suits you best?",
    "What would be the title of a book about your last month?",
    "Which skill would you like to have by tomorrow?",
    "What is always in your bag or on your desk?",
    "Which piece of news made you smile this year?",
    "What do you miss about the office, or not at all?",
    "Which street or village did you grow up in, and what was it like?",
    "What was the last thing you made with your hands?",
    "Which tradition of your team should other teams copy?",
];

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: [Who<'_>; 2] = [Who { name: "Ann Lee", department: "Sales" }, Who { name: "Bo Ek", department: "IT" }];

    #[test]
    fn a_meeting_says_who_meets_and_gives_them_a_start() {
        assert_eq!(title("Coffee Roulette", &TWO), "Coffee Roulette: Ann Lee and Bo Ek");
        insta::assert_snapshot!(agenda("Coffee Roulette", &TWO, starter(1)), @r"
        Ann Lee (Sales) and Bo Ek (IT) meet in Coffee Roulette: a short talk among colleagues who seldom meet.

        There is nothing to prepare. If you like something to begin with:
        Which small thing made your week better?
        ");
    }

    #[test]
    fn long_names_are_cut_so_that_webex_takes_the_text() {
        let long = "Ä".repeat(500);
        let three = [Who { name: &long, department: &long }; 3];
        let title = title(&long, &three);
        assert_eq!(title.chars().count(), TITLE);
        assert!(title.ends_with('…'));
        assert!(agenda(&long, &three, starter(7)).chars().count() <= AGENDA);
    }

    #[test]
    fn no_name_breaks_a_line() {
        let odd = [Who { name: "Ann\r\u{1b}[31m", department: "" }, TWO[1]];
        assert_eq!(title("P", &odd), "P: Ann  [31m and Bo Ek");
    }

    #[test]
    fn starters_are_all_different() {
        let mut all = STARTERS.to_vec();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), STARTERS.len());
    }
}
