//! `macro_rules!` as the store's statements use them: one arm, literals for arguments, a text or a statement for a body.
//! What goes beyond is not guessed at.

use super::{Source, items, items::Piece};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::collections::BTreeMap;
use syn::Expr;

/// The macros of all files.
pub(super) struct Macros {
    /// By name: the files that define it, and how.
    known: BTreeMap<String, Vec<(String, TokenStream)>>,
}

impl Macros {
    pub(super) fn of(sources: &[Source]) -> Self {
        let mut known: BTreeMap<String, Vec<(String, TokenStream)>> = BTreeMap::new();
        for source in sources {
            for piece in items::of(&source.syntax.items) {
                if let Piece::Macro { name, rules } = piece {
                    known.entry(name).or_default().push((source.file.clone(), rules));
                }
            }
        }
        Self { known }
    }

    /// What a use of a macro in this file stands for.
    pub(super) fn expand(&self, file: &str, name: &str, arguments: &TokenStream) -> Result<Expr, String> {
        let all = self.known.get(name).map_or(&[][..], Vec::as_slice);
        let own = all.iter().find(|(at, _)| at == file);
        let only = all.first().filter(|_| all.len() == 1);
        let (_, rules) = own.or(only).ok_or_else(|| format!("which {name}! is meant cannot be told"))?;
        let (names, body) = arm(rules.clone()).ok_or_else(|| {
            format!("{name}! has more than one arm, or arguments that are not `$name:literal`")
        })?;
        let given = split(arguments.clone());
        if given.len() != names.len() {
            return Err(format!("{name}! is given {} arguments, not {}", given.len(), names.len()));
        }
        let bound = names.into_iter().zip(given).collect();
        let tokens = replaced(body, &bound).ok_or_else(|| format!("{name}! repeats something"))?;
        syn::parse2(tokens).map_err(|error| format!("{name}! is no expression: {error}"))
    }
}

/// The arguments' names and the body of a macro's one arm.
fn arm(rules: TokenStream) -> Option<(Vec<String>, TokenStream)> {
    let mut tokens = rules.into_iter().filter(|token| !is_sign(token, ';'));
    let (arguments, _, _, body) = (tokens.next()?, tokens.next()?, tokens.next()?, tokens.next()?);
    let (TokenTree::Group(arguments), TokenTree::Group(body), None) = (arguments, body, tokens.next()) else {
        return None;
    };
    let names = split(arguments.stream()).into_iter().map(|argument| {
        let words: Vec<String> = argument.into_iter().map(|token| token.to_string()).collect();
        let [dollar, name, colon, kind] = words.as_slice() else { return None };
        (dollar == "$" && colon == ":" && kind == "literal").then(|| name.clone())
    });
    Some((names.collect::<Option<_>>()?, body.stream()))
}

/// What stands between commas.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let parts = tokens.split(|token| is_sign(token, ','));
    parts.filter(|part| !part.is_empty()).map(|part| part.iter().cloned().collect()).collect()
}

fn replaced(body: TokenStream, bound: &BTreeMap<String, TokenStream>) -> Option<TokenStream> {
    let mut tokens = body.into_iter();
    let mut done = Vec::new();
    while let Some(token) = tokens.next() {
        if is_sign(&token, '$') {
            done.extend(bound.get(&tokens.next()?.to_string())?.clone());
        } else if let TokenTree::Group(group) = &token {
            let inner = replaced(group.stream(), bound)?;
            done.push(Group::new(group.delimiter(), inner).into());
        } else {
            done.push(token);
        }
    }
    // A block around one expression is that expression.
    if let [TokenTree::Group(group)] = done.as_slice()
        && group.delimiter() == Delimiter::Brace
    {
        return Some(group.stream());
    }
    Some(done.into_iter().collect())
}

fn is_sign(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(it) if it.as_char() == sign)
}
