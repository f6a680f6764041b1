//! The paths that a source names, in `use` trees and elsewhere, as seen from the crate: what it knows of others.
//! Follows `self`, `super`, aliases and `*`; knows no types, so a path through a value is not seen.

use std::collections::{BTreeMap, BTreeSet};

use super::tokens::{Token, Tokens, tokens, without_tests};

/// A path that a source names, from the crate's root or from another crate: `crate::store::config`, `std::fs`.
/// All that is in a module ends with `::*`, a macro with `!`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) line: usize,
    pub(super) path: String,
}

/// A source as it is read: its module, and those of its modules that have a file and are compiled for tests only.
pub(super) struct Source {
    pub(super) file: String,
    pub(super) module: Vec<String>,
    pub(super) tests: Vec<String>,
    tokens: Tokens,
}

/// A path as it is written, in which module, and the name that it gets there.
struct Written {
    line: usize,
    module: Vec<String>,
    segments: Vec<String>,
    alias: Option<String>,
}

impl Source {
    /// `file` is relative to the crate's `src`.
    pub(super) fn new(file: &str, text: &str) -> Self {
        let (tokens, tests) = without_tests(&tokens(text));
        let parts = file.trim_end_matches(".rs").split('/').filter(|part| !["mod", "lib"].contains(part));
        let module = std::iter::once("crate").chain(parts).map(str::to_owned).collect();
        Self { file: file.to_owned(), module, tests, tokens }
    }

    /// What the source names; `modules` are all modules of the crate.
    pub(super) fn named(&self, modules: &BTreeSet<String>) -> Vec<Named> {
        let (uses, others) = Reader { tokens: &self.tokens, at: 0 }.read(&self.module);
        let names = Names { modules, uses: &uses };
        let all = uses.iter().map(|written| names.resolve(written, true));
        all.chain(others.iter().map(|written| names.resolve(written, false))).collect()
    }
}

struct Reader<'a> {
    tokens: &'a Tokens,
    at: usize,
}

impl Reader<'_> {
    /// The paths in `use` trees, and all others.
    fn read(mut self, module: &[String]) -> (Vec<Written>, Vec<Written>) {
        let (mut uses, mut others) = (Vec::new(), Vec::new());
        // Braces that are open; those of a module with its name.
        let mut open: Vec<Option<String>> = Vec::new();
        while let Some((token, line)) = self.tokens.get(self.at) {
            let inside = || module.iter().chain(open.iter().flatten()).cloned().collect::<Vec<_>>();
            match token {
                Token::Word(word) if word == "use" && self.peek(1) != Some(&Token::Sign('<')) => {
                    self.at += 1;
                    self.tree(&[], &inside(), &mut uses);
                }
                Token::Word(word) if word == "mod" && self.peek(2) == Some(&Token::Sign('{')) => {
                    open.push(self.word(1));
                    self.at += 3;
                }
                Token::Word(_) => {
                    let module = inside();
                    others.extend(self.path().map(|segments| Written { line: *line, module, segments, alias: None }));
                }
                Token::Sign('{') => {
                    open.push(None);
                    self.at += 1;
                }
                Token::Sign('}') => {
                    open.pop();
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        (uses, others)
    }

    fn peek(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead).map(|(token, _)| token)
    }

    fn word(&self, ahead: usize) -> Option<String> {
        match self.peek(ahead) {
            Some(Token::Word(word)) => Some(word.clone()),
            _ => None,
        }
    }

    /// A `use` tree: `a::{b as c, d::*}`.
    fn tree(&mut self, before: &[String], module: &[String], found: &mut Vec<Written>) {
        let mut segments = before.to_vec();
        let mut alias = None;
        let Some((_, line)) = self.tokens.get(self.at) else { return };
        while let Some(token) = self.peek(0) {
            match token {
                Token::Sign('{') => {
                    self.at += 1;
                    while self.peek(0).is_some_and(|token| *token != Token::Sign('}')) {
                        self.tree(&segments, module, found);
                        self.at += usize::from(self.peek(0) == Some(&Token::Sign(',')));
                    }
                    self.at += 1;
                    return;
                }
                Token::Sign('*') => segments.push("*".to_owned()),
                Token::Word(word) if word == "as" => {
                    alias = self.word(1);
                    self.at += 1;
                }
                Token::Word(word) if word == "self" && !segments.is_empty() => {}
                Token::Word(word) => segments.push(word.clone()),
                Token::Path => {}
                Token::Sign(_) => break,
            }
            self.at += 1;
        }
        let alias = alias.or_else(|| segments.last().cloned());
        found.push(Written { line: *line, module: module.to_vec(), segments, alias });
        self.at += usize::from(matches!(self.peek(0), Some(Token::Sign(sign)) if !",}".contains(*sign)));
    }

    /// A path of two or more segments that begins here, or a macro's; whatever is here is read.
    fn path(&mut self) -> Option<Vec<String>> {
        let dots = self.tokens[..self.at].iter().rev().take_while(|(token, _)| *token == Token::Sign('.')).count();
        let mut segments: Vec<String> = self.word(0).into_iter().collect();
        self.at += 1;
        while self.peek(0) == Some(&Token::Path)
            && let Some(word) = self.word(1)
        {
            segments.push(word);
            self.at += 2;
        }
        let calls = matches!(self.peek(1), Some(Token::Sign('(' | '[' | '{')));
        let is_macro = self.peek(0) == Some(&Token::Sign('!')) && calls;
        if is_macro && let Some(last) = segments.last_mut() {
            last.push('!');
        }
        (dots != 1 && (segments.len() > 1 || is_macro)).then_some(segments)
    }
}

/// What names mean in a source.
struct Names<'a> {
    modules: &'a BTreeSet<String>,
    uses: &'a [Written],
}

impl Names<'_> {
    fn resolve(&self, written: &Written, is_use: bool) -> Named {
        let own = written.alias.as_deref().filter(|_| is_use);
        let path = self.absolute(&written.module, &written.segments, own, 8).join("::");
        Named { line: written.line, path }
    }

    /// A path from the root; `own` is the name that this very path defines. Aliases of aliases are followed `most` times.
    fn absolute(&self, module: &[String], segments: &[String], own: Option<&str>, most: usize) -> Vec<String> {
        let Some((first, rest)) = segments.split_first() else { return Vec::new() };
        let join = |before: &[String], rest: &[String]| [before, rest].concat();
        match first.as_str() {
            "crate" => return segments.to_vec(),
            "roulette" => return join(&["crate".to_owned()], rest),
            "self" => return self.absolute_from(module, rest),
            "super" => return self.absolute_from(&module[..module.len().saturating_sub(1)], rest),
            _ => {}
        }
        if self.has(module, first) {
            return join(module, segments);
        }
        let same = |one: &&Written| one.alias.as_deref() == Some(first) && own != Some(first) && most > 0;
        if let Some(used) = self.uses.iter().find(same) {
            return join(&self.absolute(&used.module, &used.segments, Some(first), most - 1), rest);
        }
        let globs = self.uses.iter().filter(|one| one.alias.as_deref() == Some("*") && own != Some("*") && most > 0);
        for glob in globs {
            let mut all = self.absolute(&glob.module, &glob.segments, Some("*"), most - 1);
            all.pop();
            if self.has(&all, first) {
                return join(&all, segments);
            }
        }
        segments.to_vec()
    }

    fn absolute_from(&self, module: &[String], rest: &[String]) -> Vec<String> {
        match rest.split_first() {
            Some((first, rest)) if first == "super" => {
                self.absolute_from(&module[..module.len().saturating_sub(1)], rest)
            }
            _ => [module, rest].concat(),
        }
    }

    fn has(&self, module: &[String], child: &str) -> bool {
        self.modules.contains(&format!("{}::{child}", module.join("::")))
    }
}

/// Whom each of the names of a graph knows, as a circle that begins and ends with the same one, if there is one.
pub(super) fn circle(arrows: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    let mut done = BTreeSet::new();
    arrows.keys().find_map(|start| visit(start, arrows, &mut Vec::new(), &mut done))
}

fn visit(
    name: &str,
    arrows: &BTreeMap<String, BTreeSet<String>>,
    way: &mut Vec<String>,
    done: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    if let Some(at) = way.iter().position(|one| one == name) {
        return Some(way[at..].iter().cloned().chain([name.to_owned()]).collect());
    }
    if done.contains(name) {
        return None;
    }
    way.push(name.to_owned());
    let found = arrows.get(name).into_iter().flatten().find_map(|next| visit(next, arrows, way, done));
    way.pop();
    done.insert(name.to_owned());
    found
}
