//! A pool full of people with names that sound like names, written by the store as a sign-up writes them, without the hashing.

use crate::Result;
use doorward_core::tenants::{self, NewTenant};
use doorward_core::{Actor, Branch, Caller, Clock, Core, Parts, Settings, VERIFY_MEMORY, people};
use doorward_crypto::password::{HashQueue, HashQueueSettings, Params};
use doorward_crypto::{Keyring, Random};
use doorward_model::{
    Email, Kind, Membership, MembershipId, NotificationSettings, Person, PersonId, PersonNumber,
    PersonStatus, Policy, Profile, Role, Slug, Timestamp, Verified,
};
use doorward_store::{Db, memberships};
use tokio::task::JoinSet;
use uuid::Uuid;

/// People of one transaction: each of them is told of in the revocation log, and two transactions that meet in its epochs are
/// repeated, so few (as in the job `scale`).
const TOGETHER: u32 = 20;
/// Transactions at a time: as many as there are writers.
const AT_ONCE: u32 = 4;
/// How often one is written at most.
const ATTEMPTS: u32 = 50;
/// Person numbers begin where the core's do.
const FIRST: u32 = 1_001;
/// Neighbouring people share no name (2^32 divided by the golden ratio, odd).
const STRIDE: u32 = 0x9e37_79b1;
/// Thirty-two of them: a name of three is one of 32,768.
const SYLLABLES: [&str; 32] = [
    "mi", "ka", "ra", "lo", "na", "sa", "ta", "ri", "be", "do", "fe", "ga", "hi", "jo", "ku", "le", "mo",
    "ne", "pa", "ro", "si", "to", "va", "we", "yu", "zo", "an", "el", "in", "or", "us", "ta",
];

/// The people, and what to ask for them.
pub(super) struct Crowd {
    pub(super) core: Core,
    pub(super) branch: Branch,
}

impl Crowd {
    /// Fills an empty database.
    pub(super) async fn make(db: Db, people: u32) -> Result<Self> {
        let parts = Parts {
            db,
            hashes: HashQueue::start(HashQueueSettings::sized(1, 64 << 20, Params::OWASP))?,
            keys: Keyring::ephemeral(&Random::os())?,
            clock: Clock::system(),
            settings: Settings {
                public_url: "http://localhost".parse()?,
                region: None,
                verify_memory: VERIFY_MEMORY,
            },
        };
        let core = Core::start(parts, "serve").await?;
        people::fill_search(&core).await?;
        let new = NewTenant {
            parent: None,
            slug: Slug::parse("crowd")?,
            number: None,
            display_name: "Crowd".to_owned(),
            region: None,
            policy: Policy::default(),
            profile: Vec::new(),
        };
        let branch = tenants::create(&core, &Caller::local("bench"), &Actor::Operator, new).await?;
        let mut running = JoinSet::new();
        for place in 0..AT_ONCE {
            running.spawn(fill_part(core.clone(), branch.clone(), place, people));
        }
        while let Some(part) = running.join_next().await {
            part??;
        }
        Ok(Self { core, branch })
    }
}

/// Every so manieth transaction.
async fn fill_part(core: Core, branch: Branch, place: u32, people: u32) -> Result<()> {
    let now = core.now();
    for begin in (place * TOGETHER..people).step_by(usize::try_from(TOGETHER * AT_ONCE)?) {
        let end = (begin + TOGETHER).min(people);
        let some: Vec<Person> =
            (begin..end).map(|number| person(&branch, number, now)).collect::<Result<_>>()?;
        write(core.db(), &branch, &some).await?;
    }
    Ok(())
}

/// Writes some people. Those who meet another transaction in the log's epochs are repeated by the store, and by us where the
/// machine is so busy that this is not enough.
async fn write(db: &Db, branch: &Branch, some: &[Person]) -> Result<()> {
    for attempt in 1.. {
        let some = some.to_vec();
        let written = db.write_bulk(branch.pool(), move |tx| {
            some.iter().try_for_each(|person| {
                doorward_store::people::insert(tx, person)?;
                memberships::insert(tx, &membership(person))
            })
        });
        match written.await {
            Ok(()) => break,
            Err(doorward_store::Error::Unavailable { .. }) if attempt < ATTEMPTS => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Ok(())
}

fn person(branch: &Branch, number: u32, now: Timestamp) -> Result<Person> {
    let chance = number.wrapping_mul(STRIDE);
    Ok(Person {
        // In order of time, as the core's ids are.
        id: PersonId::new(Uuid::from_u128(u128::from(number) << 80 | u128::from(chance) << 8 | 1)),
        pool: branch.pool(),
        home: branch.tenant().id,
        number: PersonNumber::new(i64::from(FIRST + number))?,
        email: Email::parse(&format!("person{number}@crowd.example"))?,
        profile: Profile {
            first_name: Some(name(chance, 2)),
            last_name: Some(name(chance >> 10, 3)),
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
        created_at: now,
        modified_at: now,
    })
}

fn name(chance: u32, syllables: u32) -> String {
    let part = |place: u32| SYLLABLES.get((chance >> (place * 5) & 31) as usize).copied().unwrap_or_default();
    (0..syllables).map(part).collect()
}

fn membership(person: &Person) -> Membership {
    Membership {
        id: MembershipId::new(person.id.uuid()),
        person: person.id,
        tenant: person.home,
        kind: Kind::User,
        role: Role::User,
        standing: None,
        version: 1,
        created_at: person.created_at,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{pages, searches};
    use super::*;
    use doorward_store::SqliteSettings;
    use std::time::Duration;

    #[tokio::test]
    async fn everybody_is_found_and_listed() {
        let directory = tempfile::tempdir().unwrap();
        let settings = SqliteSettings { path: directory.path().join("bench.db"), readers: 1 };
        let crowd = Crowd::make(Db::open(&settings).unwrap(), 5_000).await.unwrap();
        assert!(!searches(&crowd, Duration::from_millis(50)).await.unwrap().0.is_empty());
        assert!(!pages(&crowd, Duration::from_millis(10)).await.unwrap().is_empty());
        crowd.core.db().close().await;
    }
}
