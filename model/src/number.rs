//! Numbers that clients see as integers. They come from blocks, stay below 2^31 and are never recycled.

use thiserror::Error;

/// Clients hold these numbers in signed 32-bit integers (dialects: BookingBug ids).
pub const NUMBER_LIMIT: i64 = 1 << 31;

/// The number is not in `1..2^31`.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("expected a whole number from 1 to 2147483647")]
pub struct InvalidNumber;

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(i64);

        impl $name {
            /// Checks that the number is in `1..2^31`.
            pub fn new(number: i64) -> Result<Self, InvalidNumber> {
                if (1..NUMBER_LIMIT).contains(&number) { Ok(Self(number)) } else { Err(InvalidNumber) }
            }

            /// The number itself.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

numbers! {
    /// A tenant's number: BookingBug's `company_id`, LeadSquared's `OrgShortCode`. Unique over all pools.
    CompanyNumber,
    /// A person's number within their pool: the id of an administrator or member in BookingBug's URLs.
    PersonNumber,
}
