//! What a database server would do on its own: the program does it, where every engine does it alike.

use super::{Rule, found_if};
use crate::profile::read::Origin::Migration;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "triggers",
        remedy: "write it in the store function that makes the change: CockroachDB has no rules or event triggers, and what \
                 a reader does not see nobody keeps right",
        breaks: |case| found_if(case.parsed.has_word("TRIGGER"), "a trigger"),
        examples: &[
            (Migration, "CREATE TRIGGER t BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION f()"),
            (Migration, "CREATE EVENT TRIGGER t ON ddl_command_start EXECUTE FUNCTION f()"),
        ],
    },
    Rule {
        name: "routines",
        remedy: "write it in Rust: functions, procedures and rules are each engine's own language",
        breaks: |case| {
            let makes = case.parsed.begins(
                "CREATE|ALTER|DROP OR* REPLACE* FUNCTION|PROCEDURE|ROUTINE|RULE|AGGREGATE|LANGUAGE|OPERATOR|CAST",
            );
            found_if(makes || case.parsed.begins("DO|CALL"), "a routine of the server")
        },
        examples: &[
            (Migration, "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT 1'"),
            (Migration, "CREATE PROCEDURE f() LANGUAGE sql AS 'SELECT 1'"),
            (Migration, "CREATE RULE r AS ON DELETE TO people DO INSTEAD NOTHING"),
            (Migration, "DO 'BEGIN NULL; END'"),
            (Migration, "CALL f()"),
        ],
    },
    Rule {
        name: "extensions",
        remedy: "do without: an operator's database need not have it, and another engine has not",
        breaks: |case| found_if(case.parsed.begins("CREATE|ALTER|DROP EXTENSION"), "an extension"),
        examples: &[(Migration, "CREATE EXTENSION pgcrypto")],
    },
    Rule {
        name: "views",
        remedy: "keep tables only, and put the query into a `const NAME: Statement`",
        breaks: |case| {
            let makes =
                case.parsed.begins("CREATE OR* REPLACE* TEMP|TEMPORARY* RECURSIVE* MATERIALIZED* VIEW");
            let copies = case.parsed.all("CreateTable").iter().any(|it| it.get("query").is_some());
            found_if(makes || copies || case.parsed.begins("REFRESH"), "a view, or a table made of a query")
        },
        examples: &[
            (Migration, "CREATE MATERIALIZED VIEW v AS SELECT id FROM people"),
            (Migration, "CREATE VIEW v AS SELECT id FROM people"),
            (Migration, "CREATE TABLE v AS SELECT id FROM people"),
        ],
    },
    Rule {
        name: "chores",
        remedy: "leave it to the operator, whose tools differ from engine to engine; delete rows with DELETE, in pieces",
        breaks: |case| {
            let chore = case.parsed.begins(
                "TRUNCATE|VACUUM|ANALYZE|CLUSTER|REINDEX|COPY|CHECKPOINT|EXPLAIN|GRANT|REVOKE|COMMENT|SECURITY",
            );
            let kind = case.parsed.begins(
                "CREATE|ALTER|DROP POLICY|ROLE|USER|DATABASE|TABLESPACE|PUBLICATION|SUBSCRIPTION|SERVER|STATISTICS|SCHEMA",
            );
            found_if(chore || kind, "an administrator's work")
        },
        examples: &[
            (Migration, "TRUNCATE people"),
            (Migration, "VACUUM people"),
            (Migration, "CREATE STATISTICS s ON pool, id FROM people"),
            (Migration, "CREATE POLICY p ON people USING (pool = home)"),
        ],
    },
];
