//! What an installation should contain, entry by entry. What an entry does not say is left as it is, or gets its
//! default when the entry is new; what the plan does not name is not touched.

use doorward_model::{
    AccessKeyName, AppId, CallbackRule, CompanyNumber, Dialect, Email, HostPattern, Kind, Language, Policy,
    RateLimit, RegionCode, Role, Secret, Slug, TenantStatus, Timestamp, Verified,
};

/// The whole wish. Entries may refer to each other in any order.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Regions, recognised by their code.
    pub regions: Vec<RegionPlan>,
    /// Doors, recognised by their name.
    pub doors: Vec<DoorPlan>,
    /// Tenants, recognised by their slug.
    pub tenants: Vec<TenantPlan>,
    /// Applications, recognised by their `app_id`, or without one by tenant and name.
    pub applications: Vec<ApplicationPlan>,
    /// People, recognised by pool and e-mail.
    pub people: Vec<PersonPlan>,
    /// Access keys, recognised by their name, or without one by person, tenant and label.
    pub keys: Vec<KeyPlan>,
    /// Versions of terms, recognised by tenant and version.
    pub terms: Vec<TermsPlan>,
}

/// A region.
#[derive(Clone, Debug)]
pub struct RegionPlan {
    /// Its code.
    pub code: RegionCode,
    /// What people read; the code where nothing is said.
    pub name: Option<String>,
    /// Service name → host; given ones replace the whole list.
    pub hosts: Option<Vec<(String, String)>>,
}

/// A door.
#[derive(Clone, Debug)]
pub struct DoorPlan {
    /// Its name.
    pub name: String,
    /// Which hosts lead there.
    pub host: HostPattern,
    /// What printed URLs begin with.
    pub base_url: String,
    /// What is spoken there.
    pub dialect: Dialect,
    /// The one tenant behind it.
    pub tenant: Option<Slug>,
    /// RubiCRM: whether the API key is required.
    pub require_api_key: Option<bool>,
    /// LeadSquared: which region's host this is.
    pub region: Option<RegionCode>,
    /// SalesSeek: the cookie's name.
    pub cookie_name: Option<String>,
    /// Browser origins that may call.
    pub origins: Option<Vec<String>>,
}

/// A tenant.
#[derive(Clone, Debug)]
pub struct TenantPlan {
    /// Its slug.
    pub slug: Slug,
    /// The tenant it is below; a new one without is the root of a pool of its own.
    pub parent: Option<Slug>,
    /// Its number; the next free one unless given. Never changes.
    pub number: Option<CompanyNumber>,
    /// What people read; the slug where nothing is said.
    pub display_name: Option<String>,
    /// The pool's home; roots only.
    pub region: Option<RegionCode>,
    /// Open or suspended.
    pub status: Option<TenantStatus>,
    /// The fields it says; others stay.
    pub policy: Policy,
    /// The facts it says; others stay.
    pub profile: Vec<(String, String)>,
}

/// An application.
#[derive(Clone, Debug)]
pub struct ApplicationPlan {
    /// The top of the subtree it may act in.
    pub tenant: Slug,
    /// What people read.
    pub name: String,
    /// Its public id; made up for a new one unless given.
    pub app_id: Option<AppId>,
    /// Its key; a new one gets a generated one unless something is said.
    pub key: Option<KeyWish>,
    /// Whether it may be told one-time codes.
    pub trusted_server: Option<bool>,
    /// Browser origins it may be called from.
    pub origins: Option<Vec<String>>,
    /// Whether it is refused.
    pub disabled: Option<bool>,
}

/// Which key an application has.
#[derive(Clone, Debug)]
pub enum KeyWish {
    /// One made here, unless it has one already.
    Generated,
    /// This one.
    Given(Secret),
    /// None.
    None,
}

/// A person.
#[derive(Clone, Debug)]
pub struct PersonPlan {
    /// Their e-mail.
    pub email: Email,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// What they like to be called.
    pub known_as: Option<String>,
    /// The facts it says; others stay.
    pub extra: Vec<(String, String)>,
    /// Their first place, and further ones. Places that are not named stay.
    pub places: Vec<PlacePlan>,
    /// How they get a password.
    pub password: PasswordWish,
    /// Whether a given password replaces one they have.
    pub set_password: bool,
    /// How far the address is known to be theirs.
    pub verified: Option<Verified>,
    /// Whether they are disabled.
    pub disabled: Option<bool>,
    /// Whether new sign-ins are mailed to them.
    pub sign_in_mails: Option<bool>,
    /// What they are written to in.
    pub language: Option<Language>,
}

/// A place of a person.
#[derive(Clone, Debug)]
pub struct PlacePlan {
    /// Where.
    pub tenant: Slug,
    /// As what.
    pub kind: Kind,
    /// With which rights.
    pub role: Role,
    /// RubiCRM's `UserStatus`; left alone where nothing is said.
    pub standing: Option<String>,
}

/// How a person without a password gets one. Who has one keeps it, unless `set_password` says otherwise.
#[derive(Clone, Debug)]
pub enum PasswordWish {
    /// Not here.
    None,
    /// This one.
    Given(Secret),
    /// One made here.
    Generated,
    /// They choose it themselves, by a mailed link.
    Invited,
}

/// An access key.
#[derive(Clone, Debug)]
pub struct KeyPlan {
    /// Whom it stands for.
    pub person: Email,
    /// Where.
    pub tenant: Slug,
    /// What people read.
    pub label: String,
    /// The public half; made up for a new one unless given.
    pub name: Option<AccessKeyName>,
    /// The secret half; made up for a new one unless given.
    pub secret: Option<Secret>,
    /// Its own rate.
    pub rate: Option<RateLimit>,
    /// Refused from this moment.
    pub expires_at: Option<Timestamp>,
    /// Whether it is refused.
    pub disabled: Option<bool>,
}

/// A version of terms.
#[derive(Clone, Debug)]
pub struct TermsPlan {
    /// Whose.
    pub tenant: Slug,
    /// The version as people name it.
    pub version: String,
    /// Where the text is.
    pub url: Option<String>,
    /// From when it is current; from now on unless given.
    pub effective_at: Option<Timestamp>,
}

/// Puts what `said` says over `policy`, field by field.
pub(super) fn lay_over(policy: &mut Policy, said: &Policy) {
    fn lay<T: Clone>(field: &mut Option<T>, said: &Option<T>) {
        if said.is_some() {
            field.clone_from(said);
        }
    }
    lay(&mut policy.password_min_length, &said.password_min_length);
    lay(&mut policy.password_max_bytes, &said.password_max_bytes);
    lay(&mut policy.password_words, &said.password_words);
    lay(&mut policy.session_absolute, &said.session_absolute);
    lay(&mut policy.session_idle, &said.session_idle);
    lay(&mut policy.reset_lifetime, &said.reset_lifetime);
    lay(&mut policy.invitation_lifetime, &said.invitation_lifetime);
    lay::<Vec<CallbackRule>>(&mut policy.callbacks, &said.callbacks);
    lay(&mut policy.origins, &said.origins);
    lay(&mut policy.key_rate, &said.key_rate);
    lay(&mut policy.allow_login, &said.allow_login);
    lay(&mut policy.address_failures, &said.address_failures);
    lay(&mut policy.address_mails, &said.address_mails);
    lay(&mut policy.sign_ins_per_minute, &said.sign_ins_per_minute);
    lay(&mut policy.mails_per_hour, &said.mails_per_hour);
    lay(&mut policy.sessions_per_person, &said.sessions_per_person);
    lay(&mut policy.language, &said.language);
}

/// Puts named facts over a list, keeping the order of the known ones.
pub(super) fn lay_facts(known: &mut Vec<(String, String)>, said: &[(String, String)]) {
    for (name, value) in said {
        match known.iter_mut().find(|(old, _)| old == name) {
            Some((_, old)) => old.clone_from(value),
            None => known.push((name.clone(), value.clone())),
        }
    }
}
