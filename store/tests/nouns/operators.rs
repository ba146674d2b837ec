//! Operators: one per e-mail.

use super::{assert_breaks, at, id};
use doorward_model::{Email, Operator, OperatorId, Secret};
use doorward_store::{Db, Error, operators};

fn operator(n: u128, email: &str, second: i64) -> Operator {
    Operator { id: OperatorId::new(id(n)), email: Email::parse(email).unwrap(), created_at: at(second) }
}

async fn insert(db: &Db, operator: &Operator) -> Result<(), Error> {
    let operator = operator.clone();
    db.write_house(move |tx| operators::insert(tx, &operator, &Secret::new("phc"))).await
}

suite! {
    async fn operators_are_listed_oldest_first_as_they_were_written(db) {
        let newer = operator(1, "Zoë@Example.com", 20);
        let second = operator(3, "b@example.com", 10);
        let first = operator(2, "c@example.com", 10);
        for operator in [&newer, &second, &first] {
            insert(&db, operator).await.unwrap();
        }
        assert_eq!(db.read_house(operators::list).await, Ok(vec![first, second, newer]));
    }

    async fn two_spellings_of_one_e_mail_are_one_operator(db) {
        insert(&db, &operator(1, "zoë@example.com", 10)).await.unwrap();
        assert_breaks(insert(&db, &operator(2, "ZOË@example.com", 10)).await, "operators.email_key");
    }
}
