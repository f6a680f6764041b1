//! Rust source as words and signs, each with its line: without comments, strings and code that is compiled for tests
//! only. Knows as much of Rust as is needed to find paths.

/// A word or a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    /// `::`
    Path,
    Sign(char),
}

/// Tokens with their lines.
pub(super) type Tokens = Vec<(Token, usize)>;

/// The words and signs of a text.
pub(super) fn tokens(text: &str) -> Tokens {
    let (chars, mut found): (Vec<char>, Tokens) = (text.chars().collect(), Vec::new());
    let (mut at, mut line) = (0, 1);
    while at < chars.len() {
        let rest = &chars[at..];
        let (length, token) = next(rest);
        found.extend(token.map(|token| (token, line)));
        line += rest[..length].iter().filter(|c| **c == '\n').count();
        at += length;
    }
    found
}

/// How long the next token is, and the token; none for blanks, comments and literals.
fn next(rest: &[char]) -> (usize, Option<Token>) {
    match rest {
        ['/', '/', ..] => (length_until(rest, |rest| rest[0] == '\n'), None),
        ['/', '*', ..] => (comment(rest), None),
        ['"', ..] => (string(rest), None),
        ['\'', ..] => (quote(rest), None),
        [':', ':', ..] => (2, Some(Token::Path)),
        [c, ..] if c.is_alphanumeric() || *c == '_' => word(rest),
        [c, ..] => (1, (!c.is_whitespace()).then_some(Token::Sign(*c))),
        [] => (1, None),
    }
}

fn length_until(rest: &[char], end: impl Fn(&[char]) -> bool) -> usize {
    (0..rest.len()).find(|at| end(&rest[*at..])).unwrap_or(rest.len())
}

/// Comments hold comments.
fn comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        match rest[at..] {
            ['/', '*', ..] => depth += 1,
            ['*', '/', ..] => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            break;
        }
    }
    at
}

fn string(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != '"' {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// A letter in quotes, or the quote before a lifetime.
fn quote(rest: &[char]) -> usize {
    match rest {
        ['\'', '\\', _, after @ ..] => 3 + length_until(after, |rest| rest[0] == '\'') + 1,
        ['\'', _, '\'', ..] => 3,
        _ => 1,
    }
}

/// A word or a number, or a string with letters before it.
fn word(rest: &[char]) -> (usize, Option<Token>) {
    let length = length_until(rest, |rest| !(rest[0].is_alphanumeric() || rest[0] == '_'));
    let word: String = rest[..length].iter().collect();
    let hashes = rest[length..].iter().take_while(|c| **c == '#').count();
    match (word.as_str(), rest.get(length + hashes)) {
        ("r" | "br" | "cr", Some('"')) => {
            let closes =
                |rest: &[char]| rest[0] == '"' && rest[1..].iter().take_while(|c| **c == '#').count() >= hashes;
            let inside = length + hashes + 1;
            (inside + length_until(&rest[inside..], closes) + 1 + hashes, None)
        }
        // A word that would else be Rust's own.
        ("r", Some(_)) if hashes == 1 => (length + 1, None),
        ("b" | "c", Some('"')) if hashes == 0 => (length + string(&rest[length..]), None),
        _ => (length, Some(Token::Word(word))),
    }
}

/// Takes out what is marked with `#[cfg(test)]`, and names the modules among it that have files of their own.
pub(super) fn without_tests(tokens: &Tokens) -> (Tokens, Vec<String>) {
    let marks = self::tokens("#[cfg(test)]");
    let is_mark =
        |at: usize| tokens[at..].iter().map(|(token, _)| token).take(marks.len()).eq(marks.iter().map(|it| &it.0));
    let (mut rest, mut modules, mut at) = (Vec::new(), Vec::new(), 0);
    while at < tokens.len() {
        if is_mark(at) {
            let end = end_of_item(tokens, at + marks.len());
            if let [.., (Token::Word(keyword), _), (Token::Word(name), _), (Token::Sign(';'), _)] = &tokens[at..end]
                && keyword == "mod"
            {
                modules.push(name.clone());
            }
            at = end;
        } else {
            rest.push(tokens[at].clone());
            at += 1;
        }
    }
    (rest, modules)
}

/// Where an item is over: after its `;`, or after its outermost braces.
fn end_of_item(tokens: &Tokens, from: usize) -> usize {
    let mut depth = 0;
    for (at, (token, _)) in tokens.iter().enumerate().skip(from) {
        match token {
            Token::Sign('{' | '(' | '[') => depth += 1,
            Token::Sign('}') if depth == 0 => return at,
            Token::Sign('}') if depth == 1 => return at + 1,
            Token::Sign('}' | ')' | ']') => depth -= 1,
            Token::Sign(';') if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}
