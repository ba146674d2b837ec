//! Rows of works, sealed: a copy of the database tells nobody who is to be imported or what was exported.

use crate::Core;
use doorward_crypto::SealPurpose;
use doorward_model::{PoolId, WorkId};
use doorward_store::Error as StoreError;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What is sealed: it does not open as something else, of another work or under another number.
#[derive(Clone, Copy)]
pub(super) enum What {
    Part,
    Refusal,
}

impl What {
    const fn byte(self) -> u8 {
        match self {
            Self::Part => 1,
            Self::Refusal => 2,
        }
    }
}

/// Which rows.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) pool: PoolId,
    pub(super) work: WorkId,
    pub(super) what: What,
    pub(super) number: i64,
}

impl Place {
    fn context(self) -> Vec<u8> {
        let Self { pool, work, what, number } = self;
        [pool.as_bytes().as_slice(), work.as_bytes(), &[what.byte()], &number.to_be_bytes()].concat()
    }
}

pub(super) fn seal(core: &Core, place: Place, rows: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    let fault = |what: &dyn std::fmt::Display| StoreError::Fault(format!("rows could not be sealed: {what}"));
    let plain = serde_json::to_vec(rows).map_err(|error| fault(&error))?;
    let sealed = core.keys().seal(SealPurpose::WorkRows, &place.context(), &plain, core.random_source());
    sealed.map_err(|error| fault(&error))
}

pub(super) fn open<T: DeserializeOwned>(core: &Core, place: Place, sealed: &[u8]) -> Result<T, StoreError> {
    let fault =
        |what: &dyn std::fmt::Display| StoreError::Fault(format!("sealed rows could not be opened: {what}"));
    let plain = core.keys().open(SealPurpose::WorkRows, &place.context(), sealed);
    let plain = plain.map_err(|error| fault(&error))?;
    serde_json::from_slice(&plain).map_err(|_| fault(&"not what was sealed"))
}
