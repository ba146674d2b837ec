//! Bytes of a row of each noun, its indices and look-ups among them, in tables that the store filled: what the cost model of
//! `docs/operators/scale.md` reckons with. Fresh tables; what lives there for long has gaps.

use super::{Bench, alone};
use crate::Result;
use crate::table::{Row, Wanted};
use crate::verify::fill::patient;
use doorward_crypto::Random;
use doorward_model::{
    AccessKey, AccessKeyId, AccessKeyName, DoorId, Email, Event, EventId, EventKind, Kind, Membership,
    MembershipId, NotificationSettings, Person, PersonId, PersonNumber, PersonStatus, PoolId, Profile, Role,
    Secret, Session, SessionId, SessionScheme, TenantId, Timestamp, Verified,
};
use doorward_store::access_keys::{self, StoredAccessKey};
use doorward_store::attempts::{self, Attempts};
use doorward_store::sessions::{self, StoredSession};
use doorward_store::{
    Db, Error, HouseTx, Invalidation, Statements as _, Tx, events, key_windows, memberships, people,
};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use uuid::Uuid;

/// Everything is in one pool.
const POOL: PoolId = PoolId::new(Uuid::from_u128(1));
const TENANT: TenantId = TenantId::new(Uuid::from_u128(1));
const DOOR: DoorId = DoorId::new(Uuid::from_u128(2));
const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Rows of each noun in one transaction: fewer than it may revoke without telling everybody to forget everything, and short
/// enough to be repeated where two of them meet in the log's epochs.
const TOGETHER: u64 = 20;
/// Transactions at a time: as many as there are writers.
const AT_ONCE: u64 = 4;
/// As long as a hash at the default parameters.
const HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
/// Counters of an account that signs in from a place.
const COUNTERS: f64 = 2.0;
/// Rows that a sweep reads at a time, as the core does.
const STRETCH: i64 = 1_000;
/// Calls that a key's window remembers at the usual rate.
const CALLS: i64 = 25;

/// What is printed, and the tables it lies in.
const NOUNS: [(&str, &[&str]); 10] = [
    ("a person with a password", &["people"]),
    ("the words that a person is found by", &["people_words"]),
    ("the kind of a person's password", &["password_schemes"]),
    ("a membership", &["memberships"]),
    ("a session", &["sessions", "lookup_sessions"]),
    ("an event", &["events"]),
    ("guessing counters of an account that signs in from one place", &["attempts", "known_places"]),
    ("an access key", &["access_keys", "lookup_access_keys"]),
    ("a key's window of 25 calls", &["key_windows"]),
    ("a row of the revocation log", &["revocations"]),
];

pub(super) fn run(bench: &Bench<'_>) -> Result<Vec<Row>> {
    let most = bench.either(50_000, 2_000);
    bench.progress.say(&format!("scale: {most} rows of each noun"));
    let url = bench.server.empty("sizes");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let swept = runtime.block_on(fill(&url, most))?;
    let mut rows = Vec::new();
    for (noun, tables) in NOUNS {
        let sizes: Vec<_> = tables.iter().map(|table| format!("pg_total_relation_size('{table}')")).collect();
        let bytes = bench.server.figure("sizes", &format!("SELECT {}", sizes.join(" + ")))?;
        rows.push(alone(
            format!("{noun}, with its indices, of {most}"),
            "bytes",
            bytes / most as f64,
            Wanted::Nothing,
        ));
    }
    // Sweeping reads all of them in the order of keys.
    let counters = most as f64 * COUNTERS;
    let what = "guessing counters that a sweep looks through";
    rows.push(alone(what, "/s", counters / swept.as_secs_f64(), Wanted::Nothing));
    Ok(rows)
}

/// Fills the tables, then sweeps counters of which none is over: how long that took.
async fn fill(url: &str, most: u64) -> Result<Duration> {
    let db = Db::open_postgres(&patient(url))?;
    let mut running = JoinSet::new();
    for place in 0..AT_ONCE {
        running.spawn(fill_part(db.clone(), place, most));
    }
    while let Some(part) = running.join_next().await {
        part??;
    }
    let before = NOW.minus(DAY);
    let began = Instant::now();
    let mut after = None;
    loop {
        let look = move |tx: &mut HouseTx<'_>| attempts::look_through(tx, after, (before, before), STRETCH);
        after = db.read_house(look).await?.next;
        if after.is_none() {
            break;
        }
    }
    let swept = began.elapsed();
    db.close().await;
    Ok(swept)
}

/// Every so manieth transaction.
async fn fill_part(db: Db, place: u64, most: u64) -> Result<()> {
    let random = Random::os();
    for begin in (place * TOGETHER..most).step_by(usize::try_from(TOGETHER * AT_ONCE)?) {
        let end = (begin + TOGETHER).min(most);
        let drawn = (begin..end).map(|number| Drawn::new(number, &random)).collect::<Result<Vec<_>>>()?;
        db.write_bulk(POOL, move |tx| drawn.iter().try_for_each(|drawn| drawn.insert(tx))).await?;
    }
    Ok(())
}

/// One row of each noun.
struct Drawn {
    number: u64,
    /// In order of time, as the core's ids are.
    id: Uuid,
    hashes: [[u8; 32]; 3],
    email: Email,
    person_number: PersonNumber,
}

impl Drawn {
    fn new(number: u64, random: &Random) -> Result<Self> {
        let chance = u64::from_be_bytes(random.bytes()?);
        Ok(Self {
            number,
            id: Uuid::from_u128(u128::from(number) << 80 | u128::from(chance)),
            hashes: [random.bytes()?, random.bytes()?, random.bytes()?],
            email: Email::parse(&format!("ada.lovelace{number}@load.example"))?,
            person_number: PersonNumber::new(i32::try_from(number + 1)?.into())?,
        })
    }

    fn insert(&self, tx: &mut Tx<'_>) -> std::result::Result<(), Error> {
        let [first, second, third] = &self.hashes;
        let person = self.person();
        people::insert(tx, &person)?;
        people::set_password(tx, person.id, &Secret::new(HASH), NOW)?;
        memberships::insert(tx, &self.membership(&person))?;
        sessions::insert(tx, &self.session(&person))?;
        events::insert(tx, &self.event(&person))?;
        let counted = Attempts { changed_at: NOW, ..Attempts::default() };
        attempts::put(tx, first, counted)?;
        attempts::put(tx, second, counted)?;
        attempts::put_place(tx, third, NOW)?;
        let key = self.key(&person);
        access_keys::insert(tx, &key)?;
        let calls = (0..CALLS).map(Timestamp::from_micros);
        key_windows::put(tx, key.key.id, calls, NOW)?;
        tx.invalidate(Invalidation::Session { pool: POOL, session: SessionId::new(self.id) });
        Ok(())
    }

    fn person(&self) -> Person {
        Person {
            id: PersonId::new(self.id),
            pool: POOL,
            home: TENANT,
            number: self.person_number,
            email: self.email.clone(),
            profile: Profile {
                first_name: Some("Ada".to_owned()),
                last_name: Some("Lovelace".to_owned()),
                ..Profile::default()
            },
            status: PersonStatus::Active,
            verified: Verified::ByMail,
            password_reset_required: false,
            notifications: NotificationSettings::default(),
            language: None,
            feed_generation: 1,
            auth_generation: 1,
            version: 1,
            created_at: NOW,
            modified_at: NOW,
        }
    }

    fn membership(&self, person: &Person) -> Membership {
        Membership {
            id: MembershipId::new(self.id),
            person: person.id,
            tenant: TENANT,
            kind: Kind::User,
            role: Role::Admin,
            standing: None,
            version: 1,
            created_at: NOW,
        }
    }

    fn session(&self, person: &Person) -> StoredSession {
        let session = Session {
            id: SessionId::new(self.id),
            pool: POOL,
            person: person.id,
            tenant: TENANT,
            kind: Kind::User,
            application: None,
            door: Some(DOOR),
            scheme: SessionScheme::Cookie,
            signed_in_at: NOW,
            last_used_at: NOW,
            // No two end at the same moment.
            idle_until: NOW.plus(DAY + Duration::from_millis(self.number)),
            expires_at: NOW.plus(DAY * 30),
            address: Some([203, 0, 113, 77].into()),
            agent: Some(AGENT.to_owned()),
        };
        let token_hash = self.hashes[0];
        StoredSession { session, token_hash, person_generation: 1, tenant_generation: 1, epoch: 1 }
    }

    fn event(&self, person: &Person) -> Event {
        Event {
            id: EventId::new(self.id),
            pool: Some(POOL),
            tenant: Some(TENANT),
            kind: EventKind::SignedIn,
            person: Some(person.id),
            actor: None,
            session: Some(SessionId::new(self.id)),
            door: Some(DOOR),
            application: None,
            address: Some([203, 0, 113, 77].into()),
            detail: None,
            at: NOW,
        }
    }

    fn key(&self, person: &Person) -> StoredAccessKey {
        let [.., name] = self.hashes;
        let key = AccessKey {
            id: AccessKeyId::new(self.id),
            pool: POOL,
            person: person.id,
            tenant: TENANT,
            name: AccessKeyName::from_bytes(*name.first_chunk().unwrap_or(&[0; 16])),
            label: "load".to_owned(),
            rate: None,
            disabled: false,
            expires_at: None,
            previous_until: None,
            version: 1,
            created_at: NOW,
            last_used_at: None,
        };
        StoredAccessKey { key, secret_hash: self.hashes[1], previous_hash: None, generation: 1 }
    }
}

/// As long as a browser's.
const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
