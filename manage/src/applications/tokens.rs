//! Bearer tokens of an application: shown once, listed, revoked.

use super::{ID, key_of, named};
use crate::answer;
use crate::ask::{Ask, moment as moment_of, texts};
use crate::endpoint::Endpoint;
use crate::problem::{Code, Problem};
use crate::schema::{
    IDEMPOTENCY_KEY, Parameter, Shape, TENANT, line, list, moment, object, of, or_null, page, shape, text,
    uuid, word,
};
use doorward_core::access_keys::LABEL_CHARS;
use doorward_core::application_tokens::{self, ListedToken, NewToken, SCOPES_PER_TOKEN, TokenState};
use doorward_core::manage::Scope;
use doorward_model::{ApplicationTokenId, Audience};
use doorward_web::reply::{self, Reply as _};
use doorward_web::{Response, StatusCode};
use http::{Method, header};
use serde_json::{Value, json};

const TOKEN: Parameter = Parameter { name: "token", place: "path", doc: "The token's id", schema: uuid };
const SHOWN: Shape = Shape { name: "Token", schema: Shown::schema };
const PAGE: Shape = Shape { name: "TokenPage", schema: || page("Token") };
const NEW: Shape = Shape { name: "NewToken", schema: new_schema };
const ISSUED: Shape = Shape { name: "IssuedToken", schema: Issued::schema };

pub(super) fn endpoints() -> Vec<Endpoint> {
    let base = || Endpoint { path: "/tenants/{id}/applications/{application}/tokens", ..super::BASE };
    vec![
        Endpoint {
            method: Method::GET,
            scope: Scope::ApplicationsRead,
            name: "listTokens",
            doc: "An application's tokens, oldest first, with the latest of those that ended",
            parameters: &[TENANT, ID],
            answer: PAGE,
            handler: |ask| Box::pin(list_all(ask)),
            ..base()
        },
        Endpoint {
            name: "createToken",
            doc: "Makes a token, shown this once. No token hands out a scope of this API that it has not",
            parameters: &[TENANT, ID, IDEMPOTENCY_KEY],
            body: Some(NEW),
            status: StatusCode::CREATED,
            answer: ISSUED,
            handler: |ask| Box::pin(create(ask)),
            ..base()
        },
        Endpoint {
            method: Method::DELETE,
            path: "/tenants/{id}/applications/{application}/tokens/{token}",
            name: "revokeToken",
            doc: "Refuses a token from the next call on, for good",
            parameters: &[TENANT, ID, TOKEN],
            answer: SHOWN,
            handler: |ask| Box::pin(revoke(ask)),
            ..super::BASE
        },
    ]
}

shape! {
    /// A token.
    Shown {
        #[doc = "The id"]
        id: String = uuid(),
        #[doc = "What people read"]
        label: String = text(),
        #[doc = "What it may be used for"]
        scopes: Vec<String> = list(text()),
        #[doc = "Where it is good: `manage`, the name of a gate's route, or `*` for every route"]
        audience: String = text(),
        #[doc = "Whether it may be used"]
        state: &'static str = word(&["active", "expired", "revoked"]),
        #[doc = "Refused from this moment"]
        expires_at: Option<String> = or_null(moment()),
        #[doc = "When it was made"]
        created_at: String = moment(),
        #[doc = "When it was last used, rounded"]
        last_used_at: Option<String> = or_null(moment()),
    }
}

shape! {
    /// A token that was made.
    Issued {
        #[doc = "The token as it is kept"]
        token: Shown = of("Token"),
        #[doc = "What the program sends, in clear this once"]
        secret: String = text(),
    }
}

fn new_schema() -> Value {
    let scope = json!({ "type": "string", "pattern": r#"^[!#-\[\]-~]{1,64}$"# });
    let mut scopes = list(scope);
    if let Some(fields) = scopes.as_object_mut() {
        fields.insert("maxItems".to_owned(), SCOPES_PER_TOKEN.into());
    }
    object(
        &["label", "audience"],
        &[
            ("label", "What people read", line(LABEL_CHARS)),
            ("scopes", "What it may be used for; nothing unless said", scopes),
            (
                "audience",
                "Where it is good: `manage`, the name of a gate's route, or `*` for every route",
                text(),
            ),
            ("expires_at", "Refused from this moment; never unless said", or_null(moment())),
        ],
    )
}

impl From<&ListedToken> for Shown {
    fn from(ListedToken { token, state }: &ListedToken) -> Self {
        Self {
            id: token.id.to_string(),
            label: token.label.clone(),
            scopes: token.scopes.clone(),
            audience: token.audience.as_str().to_owned(),
            state: state.as_str(),
            expires_at: token.expires_at.map(|at| at.civil().to_string()),
            created_at: token.created_at.civil().to_string(),
            last_used_at: token.last_used_at.map(|at| at.civil().to_string()),
        }
    }
}

async fn tokens(ask: &Ask) -> Result<Vec<ListedToken>, Problem> {
    let (pool, id) = key_of(&named(ask).await?.1);
    Ok(application_tokens::list(&ask.core, &ask.bearer.actor, pool, id).await?)
}

async fn list_all(ask: Ask) -> Result<Response, Problem> {
    Ok(answer::page(&tokens(&ask).await?.iter().map(Shown::from).collect::<Vec<_>>(), None))
}

async fn create(ask: Ask) -> Result<Response, Problem> {
    let (branch, found) = named(&ask).await?;
    let fields = ask.fields(&["label", "scopes", "audience", "expires_at"])?;
    let audience = Audience::parse(fields.required_text("audience")?);
    let wrong = || Problem::of(Code::Invalid).field("audience", "expected manage, a route's name, or *");
    let new = NewToken {
        label: fields.required_text("label")?.to_owned(),
        scopes: texts(&fields, "scopes")?.unwrap_or_default(),
        audience: audience.ok_or_else(wrong)?,
        expires_at: moment_of(&fields, "expires_at")?,
    };
    let (of, once) = (key_of(&found), ask.once()?);
    let Ask { core, caller, bearer, .. } = &ask;
    let issued = match once {
        None => application_tokens::create(core, caller, &bearer.actor, of, new).await?,
        Some(once) => application_tokens::create_once(core, caller, &bearer.actor, of, new, once).await?,
    };
    let id = issued.token.id;
    let listed = ListedToken { state: TokenState::Active, token: issued.token };
    let shown = Issued { token: Shown::from(&listed), secret: issued.secret.expose().to_owned() };
    let at = format!("{}/tenants/{}/applications/{}/tokens/{id}", crate::BASE, branch.tenant().id, of.1);
    Ok(reply::json(StatusCode::CREATED, &shown).with_header(header::LOCATION, &at))
}

async fn revoke(ask: Ask) -> Result<Response, Problem> {
    let of = key_of(&named(&ask).await?.1);
    let missing = || Problem::of(Code::NotFound);
    let id = ApplicationTokenId::parse(ask.parameter("token")).ok_or_else(missing)?;
    let Ask { core, caller, bearer, .. } = &ask;
    application_tokens::revoke(core, caller, &bearer.actor, of, id).await?;
    let all = application_tokens::list(core, &bearer.actor, of.0, of.1).await?;
    let revoked = all.iter().find(|listed| listed.token.id == id).ok_or_else(missing)?;
    Ok(reply::json(StatusCode::OK, &Shown::from(revoked)))
}
