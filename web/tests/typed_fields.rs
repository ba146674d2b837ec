//! Reading a field as a kind: what is accepted, what is absent, and what the refusal says.

use crate::toy::ask;
use serde_json::{Value, json};

async fn read(kind: &str, content_type: &str, body: &str) -> Result<Value, String> {
    let ask = ask(&format!("POST /field/{kind}")).header("content-type", content_type);
    let seen = ask.body(body.to_owned()).send().await;
    if seen.status == 200 { Ok(seen.json()) } else { Err(seen.refusal().1) }
}

async fn json(kind: &str, value: &str) -> Result<Value, String> {
    read(kind, "application/json", &format!(r#"{{"a":{value}}}"#)).await
}

async fn form(kind: &str, value: &str) -> Result<Value, String> {
    read(kind, "application/x-www-form-urlencoded", &format!("a={value}")).await
}

#[tokio::test]
async fn absent_and_null_are_nothing() {
    for kind in ["text", "integer", "boolean", "object", "secret"] {
        assert_eq!(json(kind, "null").await, Ok(Value::Null));
        assert_eq!(read(kind, "application/json", r#"{"b":1}"#).await, Ok(Value::Null));
    }
    for missing in ["null", r#""""#] {
        assert_eq!(json("required", missing).await, Err("a: is required".to_owned()));
    }
}

#[tokio::test]
async fn a_text_is_never_a_number_list_object_or_boolean() {
    assert_eq!(json("text", r#""7""#).await, Ok(json!("7")));
    for other in ["7", "[]", r#"["a@b"]"#, "{}", "true"] {
        assert_eq!(json("text", other).await, Err("a: expected text".to_owned()), "{other}");
        assert_eq!(json("secret", other).await, Err("a: expected text".to_owned()), "{other}");
    }
}

#[tokio::test]
async fn a_secret_keeps_every_character_and_is_not_printed() {
    assert_eq!(json("secret", r#"" pass ""#).await, Ok(json!("Secret(…)  pass ")));
}

#[tokio::test]
async fn integers_are_numbers_in_json_and_digits_in_forms() {
    assert_eq!(json("integer", "37001").await, Ok(json!(37001)));
    assert_eq!(form("integer", "37001").await, Ok(json!(37001)));
    assert_eq!(form("integer", "").await, Ok(Value::Null));
    let expected = Err("a: expected a whole number".to_owned());
    for other in ["1.5", "1e3", r#""37001""#, "true", "[1]", "99999999999999999999"] {
        assert_eq!(json("integer", other).await, expected, "{other}");
    }
    for other in ["1.5", "x", "99999999999999999999", "0x10"] {
        assert_eq!(form("integer", other).await, expected, "{other}");
    }
}

#[tokio::test]
async fn booleans_are_read_from_their_words() {
    for (text, value) in
        [("true", true), ("True", true), ("1", true), ("false", false), ("False", false), ("0", false)]
    {
        assert_eq!(form("boolean", text).await, Ok(json!(value)));
        assert_eq!(json("boolean", &format!("\"{text}\"")).await, Ok(json!(value)));
    }
    assert_eq!(json("boolean", "true").await, Ok(json!(true)));
    for other in ["1", "[]", r#""yes""#] {
        assert_eq!(json("boolean", other).await, Err("a: expected true or false".to_owned()), "{other}");
    }
}

#[tokio::test]
async fn objects_are_objects() {
    assert_eq!(json("object", r#"{"b":[1]}"#).await, Ok(json!({"b":[1]})));
    assert_eq!(json("object", "[]").await, Err("a: expected an object".to_owned()));
}
