//! Doorward's own pages: who sits in front of them, and how they got there.
//!
//! People of a tenant sign in with [`person`], which is the sign-in of every door with a session of its own scheme; those who
//! run this installation with [`operator`]. One cookie carries either token, and [`visitor`] tells whose it is. Before a
//! dangerous step whoever signed in a while ago proves anew that it is them: [`confirm`] is a sign-in of the same account whose
//! session takes the place of the old one.

mod confirm;
mod operator;
mod person;
mod visitor;

pub use confirm::confirm;
pub use operator::{SignedInOperator, operator};
pub use person::person;
pub use visitor::{FRESH, Visitor, sign_out, visitor};
