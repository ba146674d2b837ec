//! A client: one person, who signs in twice, out once, and now and then changes the password. What may be true of them is
//! simple: everything acknowledged, and perhaps what was not.
//!
//! Like a client behind a balancer, it goes to the next node when one fails, and returns when it is called.

use super::cluster::{PASSWORD, email};
use super::progress::Progress;
use super::spoken::{self, Session, Unacknowledged};
use super::watcher::Sighting;
use std::net::SocketAddr;
use std::sync::mpsc::Sender;
use std::time::Instant;

/// Rounds from one change of the password to the next.
const ROUNDS: usize = 3;

pub(super) struct Person {
    number: usize,
    email: String,
    /// Passwords that may be theirs: the acknowledged one, then those whose change was not acknowledged.
    pub(super) passwords: Vec<String>,
    /// Sessions whose sign-in was acknowledged.
    pub(super) live: Vec<Session>,
    /// Sessions whose end was acknowledged.
    pub(super) dead: Vec<Session>,
    rounds: usize,
    changes: usize,
    node: usize,
}

/// What a client works with.
pub(super) struct Way<'a> {
    pub(super) nodes: &'a [SocketAddr],
    pub(super) progress: &'a Progress,
    /// Who looks at each node.
    pub(super) watchers: Vec<Sender<Sighting>>,
}

impl Way<'_> {
    fn tell(&self, sighting: &Sighting) {
        for watcher in &self.watchers {
            // One that ended has seen that it is over.
            drop(watcher.send(sighting.clone()));
        }
    }

    fn ended(&self, session: &Session) {
        self.tell(&Sighting::Ended(session.clone(), Instant::now()));
    }
}

impl Person {
    pub(super) fn new(number: usize) -> Self {
        Self {
            number,
            email: email(number),
            passwords: vec![PASSWORD.to_owned()],
            live: Vec::new(),
            dead: Vec::new(),
            rounds: 0,
            changes: 0,
            node: 0,
        }
    }

    /// Goes on until it is over.
    pub(super) fn work(&mut self, way: &Way<'_>) {
        let mut called = None;
        while !way.progress.is_over() {
            let calls = way.progress.calls();
            if called.replace(calls) != Some(calls) {
                self.node = self.number % way.nodes.len();
            }
            let Err(why) = self.round(way) else { continue };
            way.progress.missed(self.node, &why);
            match why {
                // Nothing in this traffic deserves it: what was acknowledged is not there any more.
                Unacknowledged::Refused(words) => {
                    way.progress.lost(format!("{}: {words}", self.email));
                    return;
                }
                Unacknowledged::Unavailable | Unacknowledged::Unreachable | Unacknowledged::Broken(_) => {
                    self.node = (self.node + 1) % way.nodes.len();
                }
            }
        }
    }

    fn round(&mut self, way: &Way<'_>) -> Result<(), Unacknowledged> {
        let node = way.nodes[self.node];
        let acknowledged = || way.progress.acknowledged(self.node);
        if self.passwords.len() > 1 {
            return self.settle(way);
        }
        let passing = spoken::sign_in(node, &self.email, &self.passwords[0])?;
        acknowledged();
        self.live.push(passing.clone());
        way.tell(&Sighting::Opened(passing.clone()));
        let kept = spoken::sign_in(node, &self.email, &self.passwords[0])?;
        acknowledged();
        self.live.push(kept.clone());
        // Until it is acknowledged, it may live or not.
        self.live.retain(|session| *session != passing);
        spoken::sign_out(node, &passing)?;
        acknowledged();
        way.ended(&passing);
        self.dead.push(passing);
        self.rounds += 1;
        if self.rounds.is_multiple_of(ROUNDS) {
            let old = self.passwords[0].clone();
            self.change(way, &kept, &old)?;
        }
        Ok(())
    }

    /// Changes the password, which ends every session but the one it is done in.
    fn change(&mut self, way: &Way<'_>, kept: &Session, old: &str) -> Result<(), Unacknowledged> {
        self.changes += 1;
        let new = format!("{PASSWORD}-{}", self.changes);
        self.passwords.push(new.clone());
        let others: Vec<Session> = self.live.drain(..).filter(|session| session != kept).collect();
        self.live.push(kept.clone());
        spoken::change_password(way.nodes[self.node], kept, old, &new)?;
        way.progress.acknowledged(self.node);
        self.passwords = vec![new];
        for other in others {
            way.ended(&other);
            self.dead.push(other);
        }
        Ok(())
    }

    /// After a change that was not acknowledged, makes one that is. Until then it may still be kept, late, and
    /// would end a session that was opened meanwhile: so none is written down.
    fn settle(&mut self, way: &Way<'_>) -> Result<(), Unacknowledged> {
        for password in self.passwords.clone() {
            match spoken::sign_in(way.nodes[self.node], &self.email, &password) {
                Ok(session) => {
                    way.progress.acknowledged(self.node);
                    return match self.change(way, &session, &password) {
                        // The other one came true in between. It is asked for again.
                        Err(Unacknowledged::Refused(_)) => Ok(()),
                        done => done,
                    };
                }
                // It is another one.
                Err(Unacknowledged::Refused(words)) if words.contains(": 401 ") => {}
                Err(why) => return Err(why),
            }
        }
        Err(Unacknowledged::Refused(format!("none of {} passwords works", self.passwords.len())))
    }

    /// Whose it is, for a message.
    pub(super) fn name(&self) -> &str {
        &self.email
    }

    /// How many of the passwords that may be theirs are.
    pub(super) fn passwords_that_work(&self, node: SocketAddr) -> usize {
        let works = |password: &&String| match spoken::sign_in(node, &self.email, password) {
            Ok(_) => true,
            Err(Unacknowledged::Refused(_)) => false,
            Err(why) => panic!("{why:?}"),
        };
        self.passwords.iter().filter(works).count()
    }
}
