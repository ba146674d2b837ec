//! Values: what goes into a placeholder and comes out of a column.
//!
//! Three kinds are enough for both engines: integers (also times and truth values), texts (also JSON) and
//! bytes (also ids). A NULL has a kind too, because PostgreSQL wants one. A noun may implement the three
//! traits for a type of its own.

use crate::Error;
use doorward_model::{
    AccessKeyId, ApplicationId, ApplicationTokenId, CompanyNumber, ConsentId, DoorId, EventId, MailId,
    MembershipId, OperatorId, OperatorLinkId, OperatorSessionId, OperatorTokenId, PersonId, PersonNumber,
    PoolId, RegionId, SessionId, TenantId, TermsId, TicketId, Timestamp, WorkId,
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `INTEGER` or `BIGINT`.
    Int,
    /// `TEXT`.
    Text,
    /// `BLOB` or `BYTEA`.
    Bytes,
}

/// One value on its way in or out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// No value; the kind is known on the way in only.
    Null(Option<Kind>),
    /// A whole number.
    Int(i64),
    /// UTF-8 text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// An id: sixteen bytes.
    Id([u8; 16]),
}

/// Has a fixed kind of column.
pub trait Typed {
    /// The kind.
    const KIND: Kind;
}

/// Can stand in for a placeholder.
pub trait ToValue {
    /// The value.
    fn to_value(&self) -> Value<'_>;
}

/// Can be read from a column.
pub trait FromValue: Sized {
    /// Reads the value; `None` when the column cannot hold this, which is a broken row.
    fn from_value(value: Value<'_>) -> Option<Self>;
}

/// JSON kept as text. Written with the key order of the type, so equal values are equal texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json(String);

impl Json {
    /// Writes a row type as JSON.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, Error> {
        serde_json::to_string(value)
            .map(Self)
            .map_err(|error| Error::Fault(format!("cannot write JSON: {error}")))
    }

    /// Reads it back; `None` when it is not such a value.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(&self.0).ok()
    }
}

impl<T: Typed + ?Sized> Typed for &T {
    const KIND: Kind = T::KIND;
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}

impl<T: Typed> Typed for Option<T> {
    const KIND: Kind = T::KIND;
}

impl<T: ToValue + Typed> ToValue for Option<T> {
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null(Some(T::KIND)), ToValue::to_value)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value<'_>) -> Option<Self> {
        if matches!(value, Value::Null(_)) { Some(None) } else { T::from_value(value).map(Some) }
    }
}

macro_rules! values {
    ($($type:ty, $kind:ident, |$this:ident| $to:expr;)+) => {$(
        impl Typed for $type {
            const KIND: Kind = Kind::$kind;
        }

        impl ToValue for $type {
            fn to_value(&self) -> Value<'_> {
                let $this = self;
                $to
            }
        }
    )+};
}

values! {
    i64, Int, |n| Value::Int(*n);
    u32, Int, |n| Value::Int(i64::from(*n));
    bool, Int, |yes| Value::Int(i64::from(*yes));
    Timestamp, Int, |time| Value::Int(time.micros());
    CompanyNumber, Int, |number| Value::Int(number.get());
    PersonNumber, Int, |number| Value::Int(number.get());
    str, Text, |text| Value::Text(text);
    String, Text, |text| Value::Text(text);
    Json, Text, |json| Value::Text(&json.0);
    [u8], Bytes, |bytes| Value::Bytes(bytes);
    Vec<u8>, Bytes, |bytes| Value::Bytes(bytes);
    [u8; 16], Bytes, |bytes| Value::Id(*bytes);
    Uuid, Bytes, |id| Value::Id(id.into_bytes());
    [u8; 32], Bytes, |bytes| Value::Bytes(bytes);
}

fn int(value: Value<'_>) -> Option<i64> {
    if let Value::Int(number) = value { Some(number) } else { None }
}

fn text(value: Value<'_>) -> Option<&str> {
    if let Value::Text(text) = value { Some(text) } else { None }
}

fn bytes(value: Value<'_>) -> Option<&[u8]> {
    if let Value::Bytes(bytes) = value { Some(bytes) } else { None }
}

macro_rules! readings {
    ($($type:ty, |$value:ident| $from:expr;)+) => {$(
        impl FromValue for $type {
            fn from_value($value: Value<'_>) -> Option<Self> {
                $from
            }
        }
    )+};
}

readings! {
    i64, |value| int(value);
    u32, |value| int(value).and_then(|number| u32::try_from(number).ok());
    bool, |value| match int(value)? { 0 => Some(false), 1 => Some(true), _ => None };
    Timestamp, |value| int(value).map(Timestamp::from_micros);
    CompanyNumber, |value| int(value).and_then(|number| CompanyNumber::new(number).ok());
    PersonNumber, |value| int(value).and_then(|number| PersonNumber::new(number).ok());
    String, |value| text(value).map(str::to_owned);
    Json, |value| text(value).map(|text| Json(text.to_owned()));
    Vec<u8>, |value| bytes(value).map(<[u8]>::to_vec);
    [u8; 16], |value| bytes(value).and_then(|bytes| bytes.try_into().ok());
    Uuid, |value| <[u8; 16]>::from_value(value).map(Uuid::from_bytes);
    [u8; 32], |value| bytes(value).and_then(|bytes| bytes.try_into().ok());
}

macro_rules! ids {
    ($($id:ident,)+) => {$(
        impl Typed for $id {
            const KIND: Kind = Kind::Bytes;
        }

        impl ToValue for $id {
            fn to_value(&self) -> Value<'_> {
                Value::Id(self.uuid().into_bytes())
            }
        }

        impl FromValue for $id {
            fn from_value(value: Value<'_>) -> Option<Self> {
                <[u8; 16]>::from_value(value).map(|bytes| $id::new(Uuid::from_bytes(bytes)))
            }
        }
    )+};
}

ids! {
    PoolId, TenantId, PersonId, OperatorId, OperatorTokenId, OperatorSessionId, OperatorLinkId, ApplicationId, MembershipId, AccessKeyId, ApplicationTokenId, SessionId,
    TicketId, RegionId, DoorId, EventId, MailId, TermsId, ConsentId, WorkId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_null_keeps_the_kind_of_what_is_missing() {
        assert_eq!(None::<PersonId>.to_value(), Value::Null(Some(Kind::Bytes)));
        assert_eq!(None::<&str>.to_value(), Value::Null(Some(Kind::Text)));
        assert_eq!(None::<bool>.to_value(), Value::Null(Some(Kind::Int)));
    }

    #[test]
    fn nothing_is_read_as_what_it_is_not() {
        assert_eq!(bool::from_value(Value::Int(2)), None);
        assert_eq!(u32::from_value(Value::Int(-1)), None);
        assert_eq!(i64::from_value(Value::Null(None)), None);
        assert_eq!(PersonId::from_value(Value::Bytes(&[0; 15])), None);
        assert_eq!(PersonId::from_value(Value::Text("0123456789abcdef")), None);
        assert_eq!(Option::<PersonId>::from_value(Value::Bytes(&[0; 15])), None);
        assert_eq!(Option::<PersonId>::from_value(Value::Null(None)), Some(None));
    }
}
