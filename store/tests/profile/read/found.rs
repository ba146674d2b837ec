//! What is of interest among the tokens of an item.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::Lit;

/// Words, texts, calls and macros; attributes and documentation are not.
#[derive(Default)]
pub(super) struct Found {
    pub(super) words: Vec<String>,
    pub(super) texts: Vec<String>,
    pub(super) calls: Vec<String>,
    pub(super) macros: Vec<String>,
}

impl Found {
    pub(super) fn of(tokens: TokenStream) -> Self {
        let mut found = Self::default();
        found.add(tokens);
        found
    }

    fn add(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| tokens.get(at)).map(ToString::to_string);
            let next = tokens.get(at + 1);
            match token {
                TokenTree::Ident(word) => {
                    let word = word.to_string();
                    let is_called = matches!(next, Some(TokenTree::Group(it)) if it.delimiter() == Delimiter::Parenthesis);
                    if is_called && before.as_deref() != Some("fn") {
                        self.calls.push(word.clone());
                    }
                    if matches!(next, Some(TokenTree::Punct(it)) if it.as_char() == '!') {
                        self.macros.push(word.clone());
                    }
                    self.words.push(word);
                }
                TokenTree::Literal(literal) => {
                    if let Lit::Str(text) = Lit::new(literal.clone()) {
                        self.texts.push(text.value());
                    }
                }
                TokenTree::Group(group) => {
                    let is_attribute = group.delimiter() == Delimiter::Bracket
                        && matches!(before.as_deref(), Some("#" | "!"))
                        && starts_attribute(&tokens, at);
                    if !is_attribute {
                        self.add(group.stream());
                    }
                }
                TokenTree::Punct(_) => {}
            }
        }
    }
}

/// `#[…]` or `#![…]`, and not `vec![…]`.
fn starts_attribute(tokens: &[TokenTree], bracket: usize) -> bool {
    let sign = |back: usize| {
        bracket.checked_sub(back).and_then(|at| tokens.get(at)).map(ToString::to_string).unwrap_or_default()
    };
    sign(1) == "#" || (sign(1) == "!" && sign(2) == "#")
}
