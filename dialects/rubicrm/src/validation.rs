//! `Validation`: the codes of a login answer in, whether they were good out.

use crate::arguments::{ID, VAL};
use crate::auth::Admitted;
use crate::method::{Answer, Method};
use doorward_core::validation;
use doorward_model::{Secret, TicketId};
use doorward_web::{Call, Refusal};

#[derive(Clone, Copy)]
pub(crate) struct Validation;

impl Method for Validation {
    async fn answer(self, call: &Call, admitted: &Admitted) -> Result<Answer, Refusal> {
        let code = Secret::new(admitted.arguments.text(VAL)?);
        let Some(id) = TicketId::parse(admitted.arguments.text(ID)?) else { return Ok(Answer::of(false)) };
        let pool = admitted.branch.pool();
        Ok(Answer::of(validation::validate(&call.core, &call.caller, pool, &code, id).await?))
    }
}
