//! Postman collections (format 2.1.0), made of lists of routes, so that none is forgotten and none is left over.
//!
//! A collection is a file of `docs/postman/` that a test keeps equal to what is made here. To make the files anew:
//! `DOORWARD_WRITE=1 cargo nextest run --workspace -E 'test(postman::)'`.

mod run;
mod script;

pub use run::folders;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// Where the format is described.
const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

/// A collection.
pub struct Collection<'a> {
    /// What it is called in Postman.
    pub name: &'a str,
    /// What it is good for, and where its values come from.
    pub about: &'a str,
    /// What requests are filled in with: name, value, what it is.
    pub variables: &'a [(&'a str, &'a str, &'a str)],
    /// Whether requests carry `{{token}}` as a bearer token.
    pub bearer: bool,
    /// Names of folders, and what is in them.
    pub folders: Vec<(String, Vec<Call>)>,
}

/// One request.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// The method.
    pub method: String,
    /// The path behind `{{base_url}}`, with parameters in braces; each is filled in with the variable of its name.
    pub path: String,
    /// One line.
    pub name: String,
    /// More of it.
    pub about: String,
    /// Headers; those that are off are sent only when somebody turns them on.
    pub headers: Vec<Field>,
    /// The query's fields.
    pub query: Vec<Field>,
    /// What is sent.
    pub body: Body,
    /// Parameters of the path that are filled in with a variable of another name: parameter, variable.
    pub fills: Vec<(&'static str, &'static str)>,
    /// Lines of script that run before it is sent.
    pub before: Vec<String>,
    /// The status of its answer in a run of the whole collection, from top to bottom.
    pub answers: u16,
    /// A variable that only a person can fill in, with a mailed code, say; and the status while it is empty.
    pub without: Option<(&'static str, u16)>,
    /// What the expected answer sets: variable, and an expression over its JSON, which is called `answer`.
    pub keeps: Vec<(&'static str, &'static str)>,
    /// An expression over `answer`; until it is true, a run asks again.
    pub until: Option<&'static str>,
}

/// A header, or a field of a query.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// What it is.
    pub about: String,
    /// Whether it is sent unless somebody turns it off.
    pub is_on: bool,
}

impl Field {
    /// One that is sent.
    pub fn on(name: &str, value: &str) -> Self {
        Self { name: name.to_owned(), value: value.to_owned(), about: String::new(), is_on: true }
    }

    fn render(&self) -> Value {
        let mut field = json!({ "key": self.name, "value": self.value });
        if let Some(fields) = field.as_object_mut() {
            fields.extend((!self.about.is_empty()).then(|| ("description".to_owned(), json!(self.about))));
            fields.extend((!self.is_on).then(|| ("disabled".to_owned(), json!(true))));
        }
        field
    }
}

/// What is sent.
#[derive(Clone, Debug, Default)]
pub enum Body {
    /// Nothing.
    #[default]
    None,
    /// JSON.
    Json(Value),
    /// A form, urlencoded.
    Form(Vec<(&'static str, &'static str)>),
}

impl Collection<'_> {
    /// The collection as a file of `docs/postman/`, which must be fresh.
    ///
    /// Panics where a request is filled in with a variable that is not declared, or one is declared that none needs.
    pub fn is_fresh(&self, file: &str) {
        let made = self.render();
        self.check_variables(&made);
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/postman").join(file);
        if std::env::var_os("DOORWARD_WRITE").is_some() {
            std::fs::write(&path, &made).expect("a collection's file can be written");
        }
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(there == made, "docs/postman/{file} is stale; DOORWARD_WRITE=1 makes it anew");
    }

    fn render(&self) -> String {
        let variables: Vec<Value> = self
            .variables
            .iter()
            .map(|(name, value, about)| json!({ "key": name, "value": value, "type": "string", "description": about }))
            .collect();
        let folders: Vec<Value> = self
            .folders
            .iter()
            .map(|(name, calls)| json!({ "name": name, "item": calls.iter().map(Call::render).collect::<Vec<_>>() }))
            .collect();
        let mut collection = json!({
            "info": { "name": self.name, "description": self.about, "schema": SCHEMA },
            "variable": variables,
            "item": folders,
        });
        if let Some(fields) = collection.as_object_mut().filter(|_| self.bearer) {
            let token = json!([{ "key": "token", "value": "{{token}}", "type": "string" }]);
            fields.insert("auth".to_owned(), json!({ "type": "bearer", "bearer": token }));
        }
        format!("{collection:#}\n")
    }

    fn check_variables(&self, made: &str) {
        let named = |from: &str, to: &str| {
            made.split(from).skip(1).filter_map(|rest| rest.split(to).next()).collect::<Vec<_>>()
        };
        let mut used = named("{{", "}}");
        // What a script looks at; only there the tries of one request are counted.
        used.extend(named("pm.variables.get('", "'").into_iter().filter(|name| *name != "tries"));
        let kept = named("pm.collectionVariables.set('", "'");
        let lost: Vec<&&str> = kept.iter().filter(|name| !used.contains(name)).collect();
        assert!(lost.is_empty(), "{} keeps what nothing needs: {lost:?}", self.name);
        used.sort_unstable();
        used.dedup();
        // Postman's own begin with `$`; what a script sets is declared, too.
        let unknown: Vec<&&str> = used
            .iter()
            .filter(|name| !name.starts_with('$') && !self.variables.iter().any(|(known, ..)| known == *name))
            .collect();
        assert!(unknown.is_empty(), "{} needs variables that it does not declare: {unknown:?}", self.name);
        let idle: Vec<&str> =
            self.variables.iter().map(|(name, ..)| *name).filter(|name| !used.contains(name)).collect();
        assert!(idle.is_empty(), "{} declares variables that nothing needs: {idle:?}", self.name);
    }
}

impl Call {
    fn render(&self) -> Value {
        let mut request = Map::new();
        request.insert("method".to_owned(), json!(self.method));
        let without = self.without.map_or(String::new(), |(variable, status)| {
            format!(" Without a value for `{variable}`, which only you can know, it answers its refusal: {status}.")
        });
        request.insert("description".to_owned(), json!(format!("{}{without}", self.about)));
        let mut headers: Vec<Value> = self.headers.iter().map(Field::render).collect();
        match &self.body {
            Body::None => {}
            Body::Json(body) => {
                headers.push(Field::on("Content-Type", "application/json").render());
                request.insert(
                    "body".to_owned(),
                    json!({ "mode": "raw", "raw": format!("{body:#}"), "options": { "raw": { "language": "json" } } }),
                );
            }
            Body::Form(fields) => {
                let fields: Vec<Value> =
                    fields.iter().map(|(name, value)| Field::on(name, value).render()).collect();
                request.insert("body".to_owned(), json!({ "mode": "urlencoded", "urlencoded": fields }));
            }
        }
        request.insert("header".to_owned(), headers.into());
        request.insert("url".to_owned(), self.url());
        let event = |listen: &str, exec: &[String]| json!({ "listen": listen, "script": { "type": "text/javascript", "exec": exec } });
        let before = (!self.before.is_empty()).then(|| event("prerequest", &self.before));
        let events: Vec<Value> = before.into_iter().chain([event("test", &script::after(self))]).collect();
        json!({ "name": self.name, "request": request, "response": [], "event": events })
    }

    fn url(&self) -> Value {
        let parameter = |segment: &str| Some(segment.strip_prefix('{')?.strip_suffix('}')?.to_owned());
        let segments = self.path.trim_start_matches('/').split('/');
        let path: Vec<String> = segments
            .clone()
            .map(|it| parameter(it).map_or(it.to_owned(), |name| format!(":{name}")))
            .collect();
        let variables: Vec<Value> = segments
            .filter_map(parameter)
            .map(|name| {
                let other = self.fills.iter().find(|(parameter, _)| *parameter == name);
                json!({ "key": name, "value": format!("{{{{{}}}}}", other.map_or(name.as_str(), |it| it.1)) })
            })
            .collect();
        let sent: Vec<String> =
            self.query.iter().filter(|it| it.is_on).map(|it| format!("{}={}", it.name, it.value)).collect();
        let query = if sent.is_empty() { String::new() } else { format!("?{}", sent.join("&")) };
        let mut url = json!({
            "raw": format!("{{{{base_url}}}}/{}{query}", path.join("/")),
            "host": ["{{base_url}}"],
            "path": path,
        });
        if let Some(fields) = url.as_object_mut() {
            let query: Vec<Value> = self.query.iter().map(Field::render).collect();
            fields.extend((!query.is_empty()).then(|| ("query".to_owned(), query.into())));
            fields.extend((!variables.is_empty()).then(|| ("variable".to_owned(), variables.into())));
        }
        url
    }
}
