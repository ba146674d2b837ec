//! A file's items, without what is there for tests.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Expr, ImplItem, Item, ItemMacro, Type};

/// A piece of a file.
pub(super) enum Piece {
    /// `const NAME: Statement = …`, or several of them in an array.
    Statements { name: String, value: Expr },
    /// Another constant with a value.
    Constant { name: String, value: Expr },
    /// `use …`
    Import(TokenStream),
    /// `macro_rules! name { … }`
    Macro { name: String, rules: TokenStream },
    /// Anything else, by the name of its function or type.
    Other { name: String, tokens: TokenStream },
}

pub(super) fn of(items: &[Item]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for item in items {
        add(item, &mut pieces);
    }
    pieces
}

fn add(item: &Item, pieces: &mut Vec<Piece>) {
    if let Item::Const(it) = item {
        if !is_for_tests(&it.attrs) {
            pieces.push(constant(it.ident.to_string(), &it.ty, &it.expr));
        }
    } else if let Item::Static(it) = item {
        if !is_for_tests(&it.attrs) {
            pieces.push(constant(it.ident.to_string(), &it.ty, &it.expr));
        }
    } else if let Item::Mod(it) = item {
        if let Some((_, content)) = it.content.as_ref().filter(|_| !is_for_tests(&it.attrs)) {
            pieces.extend(of(content));
        }
    } else if let Item::Impl(it) = item {
        for inner in it.items.iter().filter(|_| !is_for_tests(&it.attrs)) {
            inside(inner, pieces);
        }
    } else if let Item::Use(it) = item {
        pieces.push(Piece::Import(it.tree.to_token_stream()));
    } else if let Item::Macro(ItemMacro { ident: Some(name), mac, .. }) = item {
        pieces.push(Piece::Macro { name: name.to_string(), rules: mac.tokens.clone() });
    } else if let Item::Fn(it) = item {
        if !is_for_tests(&it.attrs) {
            pieces.push(Piece::Other { name: it.sig.ident.to_string(), tokens: it.to_token_stream() });
        }
    } else {
        pieces.push(Piece::Other { name: "(an item)".to_owned(), tokens: item.to_token_stream() });
    }
}

fn inside(item: &ImplItem, pieces: &mut Vec<Piece>) {
    if let ImplItem::Const(it) = item {
        pieces.push(constant(it.ident.to_string(), &it.ty, &it.expr));
    } else if let ImplItem::Fn(it) = item {
        if !is_for_tests(&it.attrs) {
            pieces.push(Piece::Other { name: it.sig.ident.to_string(), tokens: it.to_token_stream() });
        }
    } else {
        pieces.push(Piece::Other { name: "(an item)".to_owned(), tokens: item.to_token_stream() });
    }
}

fn constant(name: String, kind: &Type, value: &Expr) -> Piece {
    let value = value.clone();
    if mentions(kind.to_token_stream(), "Statement") {
        Piece::Statements { name, value }
    } else {
        Piece::Constant { name, value }
    }
}

fn mentions(tokens: TokenStream, word: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => mentions(group.stream(), word),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// `#[cfg(test)]` and nothing wider: `cfg(not(test))` is the program.
fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|it| {
        it.path().is_ident("cfg")
            && it.meta.require_list().is_ok_and(|list| list.tokens.to_string().trim() == "test")
    })
}
