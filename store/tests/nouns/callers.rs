//! Callers: one statement tells of a session what its own, its person's, its program's and its places' rows tell.

use super::people::person;
use super::sessions::opened;
use super::{ODD, OTHER, POOL, at, id};
use doorward_model::{
    AppId, Application, ApplicationId, DoorId, Kind, Membership, MembershipId, Person, PersonId,
    PersonStatus, Profile, Role, TenantId,
};
use doorward_store::callers::{self, Caller};
use doorward_store::{Db, applications, memberships, people, sessions, sessions::StoredSession};

const APP: ApplicationId = ApplicationId::new(id(40));

fn ana() -> Person {
    Person {
        profile: Profile {
            first_name: Some(ODD.to_owned()),
            last_name: Some("Müller".to_owned()),
            ..Profile::default()
        },
        status: PersonStatus::Inactive,
        password_reset_required: true,
        auth_generation: 1,
        ..person(100)
    }
}

fn place(n: u128, tenant: u128, kind: Kind, role: Role) -> Membership {
    Membership {
        id: MembershipId::new(id(n)),
        person: ana().id,
        tenant: TenantId::new(id(tenant)),
        kind,
        role,
        standing: None,
        // Given in another order than their tenants and ids have.
        created_at: at(100 - i64::try_from(n).unwrap()),
    }
}

fn program() -> Application {
    Application {
        id: APP,
        pool: POOL,
        tenant: TenantId::new(id(1)),
        name: ODD.to_owned(),
        app_id: AppId::parse("app-40").unwrap(),
        has_key: false,
        trusted_server: false,
        origins: Vec::new(),
        disabled: true,
        version: 1,
        created_at: at(10),
        last_used_at: None,
    }
}

fn session() -> StoredSession {
    let mut opened = opened(7);
    opened.session.application = Some(APP);
    opened.session.door = Some(DoorId::new(id(9)));
    opened.session.kind = Kind::Administrator;
    opened
}

async fn find(db: &Db, n: u8) -> Option<Caller> {
    let peeked = db.peek(move |tx| callers::find(tx, &[n; 32])).await.unwrap();
    assert_eq!(peeked, db.glance(move |tx| callers::find(tx, &[n; 32])).await.unwrap());
    peeked
}

suite! {
    async fn a_caller_is_what_the_rows_of_session_person_program_and_places_say(db) {
        let places = [place(3, 2, Kind::Contact, Role::User), place(5, 1, Kind::Administrator, Role::Owner)];
        let given = places.clone();
        db.write(POOL, move |tx| {
            people::insert(tx, &ana())?;
            applications::insert(tx, &program(), None)?;
            given.iter().try_for_each(|place| memberships::insert(tx, place))?;
            sessions::insert(tx, &session())
        }).await.unwrap();

        let caller = find(&db, 7).await.unwrap();
        let session = session();
        assert_eq!((caller.pool, caller.session, caller.terms), (POOL, session.session.id, session.terms()));
        assert_eq!((caller.scheme, caller.kind), (session.session.scheme, Kind::Administrator));
        assert_eq!((caller.tenant, caller.door), (session.session.tenant, session.session.door));
        assert_eq!(caller.signed_in_at, session.session.signed_in_at);
        let known = caller.program.unwrap();
        assert_eq!((known.id, known.app_id, known.disabled), (APP, Some(program().app_id), true));
        let who = caller.person.unwrap();
        assert_eq!((who.id, who.number, who.generation), (ana().id, ana().number.get(), 1));
        assert_eq!((who.email.as_str(), who.first_name.as_str()), ("Person100@example.com", ODD));
        assert_eq!((who.last_name.as_str(), who.known_as.as_str()), ("Müller", ""));
        assert_eq!((who.status, who.must_reset), (PersonStatus::Inactive, true));
        let told: Vec<_> = caller.places.iter().map(|place| (place.tenant, place.kind, place.role)).collect();
        let [newest, oldest] = places;
        assert_eq!(told, [oldest, newest].map(|place| (place.tenant, place.kind, place.role)), "oldest first");
    }

    async fn what_is_not_there_is_told_as_missing(db) {
        assert_eq!(find(&db, 7).await, None);
        let mut alone = opened(7);
        alone.session.person = PersonId::new(id(77));
        db.write(POOL, move |tx| sessions::insert(tx, &alone)).await.unwrap();
        // The same ids in another pool are somebody else's.
        db.write(OTHER, |tx| people::insert(tx, &Person { pool: OTHER, id: PersonId::new(id(77)), ..ana() }))
            .await
            .unwrap();
        let caller = find(&db, 7).await.unwrap();
        assert_eq!((caller.person, caller.program, caller.places), (None, None, Vec::new()));
    }
}
