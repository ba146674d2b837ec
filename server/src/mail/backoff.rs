//! When to try again, and when to give up. Pure.
//!
//! While the server is away every letter is asked for again within half a minute, so that mail flows within a minute
//! of its return (P20). A letter that the server itself puts off waits longer after the first hours: asking a full
//! mailbox twice a minute for days would get the sender blocked.

use std::time::Duration;

use doorward_model::Timestamp;

use super::Fault;

/// Delay after the first attempt; doubles from there. Greylisting servers rarely take less.
const FIRST: Duration = Duration::from_secs(5);
/// Longest delay while the server is away: half of P20's minute, the rest is for polling and sending.
const CAP: Duration = Duration::from_secs(30);
/// Longest delay of a letter that the server keeps putting off (RFC 5321 section 4.5.4.1 suggests 30 minutes).
const PATIENT_CAP: Duration = Duration::from_secs(30 * 60);
/// Attempts at [`CAP`] before patience begins: about four hours of them.
const EAGER_ATTEMPTS: u32 = 480;
/// Age at which a letter is given up; its link has long expired.
const GIVE_UP_AGE: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// No letter is given up with fewer attempts, however old: the server may have been switched off, or the clock moved.
const GIVE_UP_ATTEMPTS: u32 = 10;

/// How long to wait after attempt number `attempts` (the first is 1) failed for this reason.
pub fn delay(attempts: u32, fault: Fault) -> Duration {
    let eager = doubled(FIRST, attempts.saturating_sub(1)).min(CAP);
    match fault {
        Fault::Passing if attempts > EAGER_ATTEMPTS => {
            doubled(CAP, attempts - EAGER_ATTEMPTS).min(PATIENT_CAP)
        }
        Fault::Passing | Fault::Server | Fault::Letter => eager,
    }
}

/// Whether a letter caused at `created_at` and tried `attempts` times is not tried again.
pub fn gives_up(created_at: Timestamp, attempts: u32, now: Timestamp) -> bool {
    attempts >= GIVE_UP_ATTEMPTS && now.since(created_at) >= GIVE_UP_AGE
}

fn doubled(start: Duration, times: u32) -> Duration {
    2_u32.checked_pow(times).map_or(Duration::MAX, |factor| start.saturating_mul(factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_half_a_minute() {
        let seconds: Vec<u64> = (1..=5).map(|n| delay(n, Fault::Passing).as_secs()).collect();
        assert_eq!(seconds, [5, 10, 20, 30, 30]);
    }

    #[test]
    fn a_server_that_returns_is_noticed_within_the_minute_however_long_it_was_away() {
        for attempts in [0, 1, 480, 481, 8_640, u32::MAX] {
            assert!(delay(attempts, Fault::Server) <= CAP);
        }
    }

    #[test]
    fn a_letter_put_off_for_hours_is_asked_for_less_often() {
        assert_eq!(delay(EAGER_ATTEMPTS, Fault::Passing), CAP);
        assert_eq!(delay(EAGER_ATTEMPTS + 1, Fault::Passing), CAP * 2);
        assert_eq!(delay(u32::MAX, Fault::Passing), PATIENT_CAP);
    }

    #[test]
    fn giving_up_needs_both_age_and_attempts() {
        let created = Timestamp::from_micros(0);
        let late = created.plus(GIVE_UP_AGE);
        assert!(gives_up(created, GIVE_UP_ATTEMPTS, late));
        assert!(!gives_up(created, GIVE_UP_ATTEMPTS - 1, late));
        assert!(!gives_up(created, u32::MAX, late.minus(Duration::from_secs(1))));
    }
}
