//! Statements: constants made by `sql(…)` or `per_engine(…, …)`, each with its whole text in the source.

use super::{Collected, Complaint, Origin, Text, items::Piece, macros::Macros};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};
use syn::{Expr, ExprCall, ExprLit, Lit, Macro, Token, punctuated::Punctuated};

/// Adds the statements of a file; answers with the macros they are made of.
pub(super) fn collect(
    file: &str,
    pieces: &[Piece],
    macros: &Macros,
    collected: &mut Collected,
) -> BTreeSet<String> {
    let mut constants = BTreeMap::new();
    for piece in pieces {
        if let Piece::Constant { name, value } = piece {
            constants.insert(name.as_str(), value);
        }
    }
    let reader = Reader { file, macros, constants, used: RefCell::default() };
    for piece in pieces {
        let Piece::Statements { name, value } = piece else { continue };
        match reader.statements(value) {
            Ok(found) => collected.texts.extend(found.into_iter().map(|(place, sqlite, postgres)| Text {
                file: file.to_owned(),
                name: format!("{name}{place}"),
                origin: Origin::Statement,
                postgres,
                sqlite: Some(sqlite),
            })),
            Err(found) => collected.complaints.push(Complaint {
                file: file.to_owned(),
                name: name.clone(),
                rule: "readable".to_owned(),
                found,
                remedy: "write it as sql(…) or per_engine(…, …) of string literals, concat! and macros of one arm, \
                         so that the profile's test can read what is sent"
                    .to_owned(),
            }),
        }
    }
    reader.used.into_inner()
}

/// Its place in an array, SQLite's text, PostgreSQL's.
type Found = (String, String, String);

struct Reader<'a> {
    file: &'a str,
    macros: &'a Macros,
    constants: BTreeMap<&'a str, &'a Expr>,
    used: RefCell<BTreeSet<String>>,
}

impl Reader<'_> {
    fn statements(&self, value: &Expr) -> Result<Vec<Found>, String> {
        if let Expr::Array(array) = value {
            let mut all = Vec::new();
            for (place, element) in array.elems.iter().enumerate() {
                let found = self.statements(element)?.into_iter();
                all.extend(
                    found.map(|(inner, sqlite, postgres)| (format!("[{place}]{inner}"), sqlite, postgres)),
                );
            }
            return Ok(all);
        }
        if let Expr::Reference(reference) = value {
            return self.statements(&reference.expr);
        }
        if let Expr::Macro(it) = value {
            return self.statements(&self.expand(&it.mac)?);
        }
        if let Expr::Call(call) = value {
            return self.call(call).map(|(sqlite, postgres)| vec![(String::new(), sqlite, postgres)]);
        }
        Err("it is neither sql(…) nor per_engine(…, …)".to_owned())
    }

    fn call(&self, call: &ExprCall) -> Result<(String, String), String> {
        let arguments: Vec<&Expr> = call.args.iter().collect();
        match (last_word(&call.func).as_deref(), arguments.as_slice()) {
            (Some("sql"), [text]) => self.text(text).map(|text| (text.clone(), text)),
            (Some("per_engine"), [sqlite, postgres]) => Ok((self.text(sqlite)?, self.text(postgres)?)),
            _ => Err("it is neither sql(…) nor per_engine(…, …)".to_owned()),
        }
    }

    fn text(&self, value: &Expr) -> Result<String, String> {
        if let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = value {
            return Ok(text.value());
        }
        if let Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) = value {
            return Ok(number.base10_digits().to_owned());
        }
        if let Expr::Paren(inner) = value {
            return self.text(&inner.expr);
        }
        if let Expr::Path(path) = value {
            let known = path.path.get_ident().and_then(|name| self.constants.get(name.to_string().as_str()));
            return known.map_or_else(|| Err("a text of another file".to_owned()), |known| self.text(known));
        }
        let Expr::Macro(it) = value else { return Err("a text that is made at run time".to_owned()) };
        if !it.mac.path.is_ident("concat") {
            return self.text(&self.expand(&it.mac)?);
        }
        let parts = it
            .mac
            .parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated)
            .map_err(|error| format!("a concat! that cannot be read: {error}"))?;
        parts.iter().map(|part| self.text(part)).collect()
    }

    fn expand(&self, it: &Macro) -> Result<Expr, String> {
        let name = it.path.segments.last().map(|part| part.ident.to_string()).unwrap_or_default();
        let expanded = self.macros.expand(self.file, &name, &it.tokens)?;
        self.used.borrow_mut().insert(name);
        Ok(expanded)
    }
}

fn last_word(value: &Expr) -> Option<String> {
    let Expr::Path(path) = value else { return None };
    path.path.segments.last().map(|part| part.ident.to_string())
}
