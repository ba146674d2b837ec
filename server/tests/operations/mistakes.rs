//! What a wrong file is told: file, line, column, field, what was expected; all of it at once, and nothing applied.

use super::Site;
use serde_json::json;

/// A file, and what it is told after the file's name.
const TABLE: &[(&str, &[&str])] = &[
    (
        "[[tenant]]\nslug = \"Har bour\"\n",
        &[":2:8: tenant.slug: expected 1 to 63 of a-z, 0-9 and inner hyphens, found \"Har bour\""],
    ),
    (
        "[[tenant]]\nslgu = \"a\"\n",
        &[":1:1: tenant.slug: missing", ":2:1: tenant.slgu: unknown key; did you mean slug?"],
    ),
    ("[[tenat]]\nslug = \"a\"\n", &[":1:3: tenat: unknown table; did you mean [[tenant]]?"]),
    ("[tenant]\nslug = \"a\"\n", &[":1:2: tenant: expected entries that begin with [[tenant]]"]),
    (
        "[[tenant]]\nslug = 7\n",
        &[":2:8: tenant.slug: expected 1 to 63 of a-z, 0-9 and inner hyphens, found 7"],
    ),
    ("[[tenant]]\nslug = \"a\n", &[":2:"]),
    (
        "[[tenant]]\nslug = \"a\"\n[tenant.policy]\nsession_idle = 30\n",
        &[":4:16: tenant.policy.session_idle: expected a duration like"],
    ),
    (
        "[[tenant]]\nslug = \"a\"\nnumber = 2147483648\n",
        &[":3:10: tenant.number: expected a whole number from 1 to 2147483647"],
    ),
    (
        "[[tenant]]\nslug = \"a\"\n[[person]]\ntenant = \"a\"\nemail = \"m@a.example\"\nkind = \"member\"\nrole = \"owner\"\n",
        &[":7:8: person.role: a member is a customer and administers nothing"],
    ),
    (
        "[[tenant]]\nslug = \"a\"\n[[tenant]]\nslug = \"A\"\n",
        &[":4:8: tenant.slug: a stands in this file twice"],
    ),
    (
        "[[tenant]]\nslug = \"a\"\nparent = \"b\"\n[[tenant]]\nslug = \"b\"\nparent = \"a\"\n",
        &[":3:10: tenant.parent: these tenants are each other's parents"],
    ),
    (
        "[[tenant]]\nslug = \"harbour\"\n[[tenant]]\nslug = \"b\"\nparent = \"harbuor\"\n",
        &[":5:10: tenant.parent: no tenant has the slug harbuor; did you mean harbour?"],
    ),
    (
        "[[tenant]]\nslug = \"a\"\n[[application]]\ntenant = \"a\"\nname = \"x\"\napp_id = \"0192f3c4-7a6b-7c1d-8e2f-3a4b5c6d7e8f\"\n",
        &[":6:10: application.app_id: expected something other than a UUID"],
    ),
    ("[[tenant]]\nslug = \"a\"\nregion = \"eu9\"\n", &[":3:10: tenant.region: no region has the code eu9"]),
    (
        "[[door]]\nname = \"x\"\nhost = \"a.test\"\nbase_url = \"https://{slug}.test\"\ndialect = \"salesseek\"\n",
        &[":4:12: door.base_url: expected {slug} in both host and base_url, or in neither"],
    ),
    (
        "[[door]]\nname = \"x\"\nhost = \"http://a.test\"\nbase_url = \"a.test\"\ndialect = \"klingon\"\n",
        &[
            ":3:8: door.host: expected a host",
            ":4:12: door.base_url: expected an address",
            ":5:11: door.dialect: expected \"salesseek\"",
        ],
    ),
    (
        "[[tenant]]\nslug = \"a\"\n[[person]]\ntenant = \"a\"\nemail = \"x\"\npassword = 123456789\n",
        &[":5:9: person.email: expected an e-mail address", ":6:12: person.password: expected a text"],
    ),
    (
        "[[tenant]]\nslug = \"a\"\n[[person]]\ntenant = \"a\"\nemail = \"x@y.z\"\npassword = \"short one\"\n",
        &[":6:12: person.password: the password needs at least 15 characters"],
    ),
    (
        "[[tenant]]\nslug = \"a\"\n[[person]]\ntenant = \"a\"\nemail = \"x@y.z\"\npassword = \"generated\"\nset_password = true\n",
        &[":7:16: person.set_password: needs a given password"],
    ),
    (
        "[[tenant]]\nslug = \"a\"\n[[tenant]]\nslug = \"b\"\n[[person]]\ntenant = \"a\"\nemail = \"x@y.z\"\n[[person.membership]]\ntenant = \"b\"\n",
        &["person.membership: b belongs to another tree"],
    ),
    (
        "[[tenant]]\nslug = \"a\"\n[[person]]\ntenant = \"a\"\nemail = \"x@y.z\"\nfirst_name = \"a\\u0000b\"\n",
        &[":6:14: person.first_name: expected a text of 1 to 250 characters"],
    ),
    (
        "[[tenant]]\nslug = \"a\"\n[[person]]\ntenant = \"a\"\nemail = \"x@y.z\"\n[[key]]\nperson = \"x@y.z\"\n\
         tenant = \"a\"\nlabel = \"l\"\nrate = \"5/1500ms\"\nexpires = 2001-01-01T00:00:00Z\n",
        &[
            ":10:8: key.rate: expected a window of 1 to 3600 whole seconds",
            ":11:11: key.expires: must be in the future",
        ],
    ),
    (
        "[[application]]\ntenant = \"a\"\nname = \"x\"\nkey = \"tiny\"\n",
        &[":4:7: application.key: expected \"generated\", \"none\" or a key of at least 16"],
    ),
    (
        "[[key]]\nperson = \"x@y.z\"\ntenant = \"a\"\nlabel = \"l\"\nname = \"u$rzz\"\nrate = \"fast\"\nexpires = \"soon\"\n",
        &[
            ":5:8: key.name: expected u$r",
            ":6:8: key.rate: expected calls in a time",
            ":7:11: key.expires: expected a moment",
        ],
    ),
];

#[test]
fn every_mistake_has_its_place_and_its_remedy() {
    let site = Site::new();
    for (file, expected) in TABLE {
        site.write("broken.toml", file);
        let refusal = site.refused(&["apply", "broken.toml"]);
        for words in *expected {
            assert!(
                refusal.contains(&format!("broken.toml{words}")) || refusal.contains(words),
                "{words}\n{refusal}"
            );
        }
        assert!(refusal.contains("Nothing was applied."), "{refusal}");
    }
    assert_eq!(site.json(&["tenant", "list"]), json!([]));
    assert_eq!(site.refused(&["apply", "none.toml"]).lines().count(), 1);
}

#[test]
fn a_wrong_secret_is_not_repeated() {
    let site = Site::new();
    site.write("broken.toml", "[[application]]\ntenant = \"a\"\nname = \"x\"\nkey = \"s3cr3t value\"\n");
    assert!(!site.refused(&["apply", "broken.toml"]).contains("s3cr3t"));
}
