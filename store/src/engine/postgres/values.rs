//! Values on the wire: binary both ways, in the few types our columns have.

use crate::{Kind, Value};
use bytes::BytesMut;
use std::error::Error;
use tokio_postgres::{
    Row,
    types::{FromSql, IsNull, ToSql, Type, to_sql_checked},
};

/// A value in the driver's terms.
#[derive(Debug)]
pub(super) struct Bound<'a>(pub(super) Value<'a>);

impl Bound<'_> {
    /// The type the statement is told.
    pub(super) fn kind(&self) -> Type {
        match self.0 {
            Value::Int(_) | Value::Null(Some(Kind::Int)) => Type::INT8,
            Value::Text(_) | Value::Null(Some(Kind::Text) | None) => Type::TEXT,
            Value::Bytes(_) | Value::Id(_) | Value::Null(Some(Kind::Bytes)) => Type::BYTEA,
        }
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            Value::Null(_) => Ok(IsNull::Yes),
            Value::Int(number) => number.to_sql(ty, out),
            Value::Text(text) => text.to_sql(ty, out),
            Value::Bytes(bytes) => bytes.to_sql(ty, out),
            Value::Id(bytes) => bytes.as_slice().to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::TEXT, Type::BYTEA].contains(ty)
    }

    to_sql_checked!();
}

/// A column's value; `None` when there is no such column, or it is of a type that no column of ours has.
pub(crate) fn column(row: &Row, column: usize) -> Option<Value<'_>> {
    row.try_get::<_, Found<'_>>(column).ok().map(|found| found.0)
}

struct Found<'a>(Value<'a>);

impl<'a> FromSql<'a> for Found<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        let value = if *ty == Type::INT8 {
            Value::Int(i64::from_sql(ty, raw)?)
        } else if *ty == Type::INT4 {
            Value::Int(i32::from_sql(ty, raw)?.into())
        } else if *ty == Type::BOOL {
            Value::Int(bool::from_sql(ty, raw)?.into())
        } else if *ty == Type::BYTEA {
            Value::Bytes(<&[u8]>::from_sql(ty, raw)?)
        } else {
            Value::Text(<&str>::from_sql(ty, raw)?)
        };
        Ok(Self(value))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(Value::Null(None)))
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::INT4, Type::BOOL, Type::TEXT, Type::BYTEA].contains(ty)
    }
}
