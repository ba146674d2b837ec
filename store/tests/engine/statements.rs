//! Placeholders, types and rows.

use super::probe::{self, POOL};
use doorward_model::{PersonId, Timestamp};
use doorward_store::{Error, Json, Statements, ToValue, sql};
use uuid::Uuid;

suite! {
    async fn placeholders_may_be_out_of_order_and_repeated(db) {
        let row = db.read(POOL, |tx| {
            tx.row(
                &sql("SELECT $3, $1, $2, $1, '$2 is no placeholder', $11, $10 -- nor is $12"),
                &[&"one", &"two", &"three", &4_i64, &4_i64, &4_i64, &4_i64, &4_i64, &4_i64, &"ten", &"eleven"],
                |row| (0..7).map(|column| row.get::<String>(column)).collect::<Result<Vec<_>, _>>(),
            )
        }).await.unwrap().unwrap();
        assert_eq!(row, ["three", "one", "two", "one", "$2 is no placeholder", "eleven", "ten"]);
    }

    async fn missing_and_surplus_values_are_faults(db) {
        let values: [&[i64]; 3] = [&[1], &[1, 2, 3], &[]];
        for given in values {
            let given = given.to_vec();
            let answer = db.read(POOL, move |tx| {
                let given: Vec<&dyn ToValue> = given.iter().map(|n| n as &dyn ToValue).collect();
                tx.row(&sql("SELECT $1, $2"), &given, |row| row.get::<i64>(0))
            }).await;
            assert!(matches!(answer, Err(Error::Fault(_))), "{answer:?}");
        }
    }

    async fn a_placeholder_of_another_kind_is_a_fault(db) {
        let answer = db.read(POOL, |tx| tx.row(&sql("SELECT ?1"), &[&1_i64], |row| row.get::<i64>(0))).await;
        assert!(matches!(answer, Err(Error::Fault(_))));
    }

    async fn values_come_back_as_they_went_in(db) {
        let person = PersonId::new(Uuid::from_u128(0xabc));
        let json = Json::of(&["a", "b"]).unwrap();
        let read = db.read(POOL, move |tx| {
            tx.row(
                &sql("SELECT $1, $2, $3, $4, $5, $6"),
                &[&person, &Timestamp::from_micros(-5), &true, &None::<PersonId>, &json, &[7_u8; 32]],
                |row| {
                    Ok((
                        row.get::<PersonId>(0)?, row.get::<Timestamp>(1)?, row.get::<bool>(2)?,
                        row.get::<Option<PersonId>>(3)?, row.json::<Vec<String>>(4)?, row.get::<[u8; 32]>(5)?,
                    ))
                },
            )
        }).await.unwrap();
        let texts = vec!["a".to_owned(), "b".to_owned()];
        assert_eq!(read, Some((person, Timestamp::from_micros(-5), true, None, texts, [7; 32])));
    }

    async fn a_wrong_type_is_refused_on_the_way_in_and_named_on_the_way_out(db) {
        probe::create(&db).await;
        let wrong = db.write(POOL, |tx| {
            tx.execute(&sql("INSERT INTO probe (n) VALUES ($1)"), &[&"one"])
        }).await;
        assert!(matches!(wrong, Err(Error::Fault(_))), "{wrong:?}");
        const READ: &str = "SELECT 'text' AS number";
        let broken = db.read(POOL, |tx| tx.row(&sql(READ), &[], |row| row.get::<i64>(0))).await;
        assert_eq!(broken, Err(Error::BrokenRow { statement: READ, column: "number".to_owned() }));
    }

    async fn broken_rules_are_named(db) {
        const PARENT: &str = "CREATE TABLE parent (a INTEGER NOT NULL PRIMARY KEY, b INTEGER NOT NULL, c TEXT NOT NULL,
            CONSTRAINT b_is_small CHECK (b < 10))";
        const TABLES: [&str; 4] = [
            PARENT,
            "CREATE TABLE child (a INTEGER NOT NULL REFERENCES parent, b INTEGER NOT NULL)",
            "CREATE UNIQUE INDEX by_lower_c ON parent (lower(c))",
            "CREATE UNIQUE INDEX by_both ON child (a, b)",
        ];
        db.write_house(|tx| {
            for table in TABLES {
                tx.execute(&sql(table), &[])?;
            }
            tx.execute(&sql("INSERT INTO parent VALUES (1, 1, 'x')"), &[])?;
            tx.execute(&sql("INSERT INTO child VALUES (1, 2)"), &[])
        }).await.unwrap();
        for (text, name) in [
            ("INSERT INTO parent VALUES (1, 2, 'y')", "parent.a"),
            ("INSERT INTO parent VALUES (2, 1, 'X')", "by_lower_c"),
            ("INSERT INTO child VALUES (1, 2)", "child.a, child.b"),
            ("INSERT INTO parent VALUES (2, 12, 'z')", "b_is_small"),
            ("INSERT INTO parent VALUES (2, NULL, 'z')", "parent.b"),
            ("INSERT INTO child VALUES (9, 9)", "foreign key"),
        ] {
            let answer = db.write(POOL, move |tx| tx.execute(&sql(text), &[])).await;
            assert_eq!(answer, Err(Error::Constraint { name: name.to_owned() }), "{text}");
        }
    }
}
