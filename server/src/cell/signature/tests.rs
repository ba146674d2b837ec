//! What is taken, and what is not.

use super::*;
use doorward_crypto::{Keyring, Random};

const NOW: Timestamp = Timestamp::from_micros(1_795_341_600_000_000);
const NONCE: &str = "000102030405060708090a0b0c0d0e0f";

struct Pair {
    key: CellKey,
    here: RegionCode,
    there: RegionCode,
}

fn pair() -> Pair {
    let key = CellKey::of(&Keyring::ephemeral(&Random::os()).unwrap()).unwrap();
    let code = |text| RegionCode::parse(text).unwrap();
    Pair { key, here: code("in21"), there: code("us11") }
}

impl Pair {
    fn signer(&self) -> Signer<'_> {
        Signer { key: &self.key, name: &self.here, now: NOW }
    }

    fn check(&self, headers: &HeaderMap, uri: &str, body: &[u8], now: Timestamp) -> Result<Taken, Refused> {
        let uri = uri.parse().unwrap();
        let asked = Asked { method: &Method::GET, uri: &uri, body };
        let keys = |cell: &RegionCode| (*cell == self.here).then_some(self.key.public());
        check_request(&self.there, now, headers, &asked, keys)
    }

    fn sign(&self, uri: &str, body: &[u8]) -> (HeaderMap, String) {
        let uri = uri.parse().unwrap();
        let asked = Asked { method: &Method::GET, uri: &uri, body };
        sign_request(&self.signer(), &self.there, NONCE, &asked).unwrap()
    }
}

#[test]
fn a_request_is_taken_as_it_was_signed_and_no_other() {
    let pair = pair();
    let (headers, signature) = pair.sign("/cell/v1/directory?after=7", b"");
    let taken = pair.check(&headers, "https://us11.example/cell/v1/directory?after=7", b"", NOW).unwrap();
    assert_eq!((taken.from, taken.nonce.as_str(), taken.signature), (pair.here.clone(), NONCE, signature));
    assert_eq!(taken.until, NOW.plus(SKEW));
    let refused = |uri, body: &[u8]| pair.check(&headers, uri, body, NOW).unwrap_err();
    assert_eq!(refused("/cell/v1/directory?after=8", b""), Refused::Signature);
    assert_eq!(refused("/cell/v1/directory", b""), Refused::Signature);
    assert_eq!(refused("/cell/v1/access-key?after=7", b""), Refused::Signature);
    assert_eq!(refused("/cell/v1/directory?after=7", b"{}"), Refused::Digest);
}

#[test]
fn what_the_headers_say_is_signed_too() {
    let pair = pair();
    let (headers, _) = pair.sign("/cell/v1/directory", b"");
    let with = |name: HeaderName, from: &str, to: &str| {
        let mut headers = headers.clone();
        let text = headers[&name].to_str().unwrap();
        assert!(text.contains(from), "{text}");
        headers.insert(name, text.replace(from, to).parse().unwrap());
        pair.check(&headers, "/cell/v1/directory", b"", NOW).unwrap_err()
    };
    let created = format!("created={}", NOW.seconds());
    assert_eq!(with(INPUT, &created, &format!("created={}", NOW.seconds() + 1)), Refused::Signature);
    assert_eq!(with(INPUT, "000102", "000103"), Refused::Signature);
    assert_eq!(with(INPUT, "\"in21\"", "\"ca12\""), Refused::Unknown);
    assert_eq!(with(INPUT, "ed25519", "hmac-sha256"), Refused::Unsigned);
    assert_eq!(with(INPUT, "\"@path\" ", ""), Refused::Unsigned);
    assert_eq!(with(INPUT, ";tag=", ";created=1;tag="), Refused::Unsigned);
    assert_eq!(with(INPUT, "000102030405060708090a0b0c0d0e0f", "0001"), Refused::Unsigned);
    assert_eq!(with(MEANT, "us11", "ca12"), Refused::Meant);
    assert_eq!(with(SIGNATURE, ":", ""), Refused::Unsigned);
    for name in [INPUT, SIGNATURE, DIGEST, MEANT] {
        let mut headers = headers.clone();
        headers.remove(&name);
        assert_eq!(
            pair.check(&headers, "/cell/v1/directory", b"", NOW).unwrap_err(),
            Refused::Unsigned,
            "{name}"
        );
    }
}

#[test]
fn a_time_may_be_off_by_half_a_minute_and_no_more() {
    let pair = pair();
    let (headers, _) = pair.sign("/cell/v1/directory", b"");
    let second = Duration::from_secs(1);
    for now in [NOW.minus(SKEW), NOW.plus(SKEW)] {
        assert!(pair.check(&headers, "/cell/v1/directory", b"", now).is_ok());
    }
    for now in [NOW.minus(SKEW + second), NOW.plus(SKEW + second)] {
        let refused = pair.check(&headers, "/cell/v1/directory", b"", now).unwrap_err();
        assert_eq!(refused, Refused::Time);
    }
}

#[test]
fn an_answer_belongs_to_its_request() {
    let pair = pair();
    let (_, request) = pair.sign("/cell/v1/directory", b"");
    let (_, other) = pair.sign("/cell/v1/directory?after=1", b"");
    let headers = sign_answer(&pair.signer(), &request, StatusCode::OK, b"{}").unwrap();
    let check = |from: &RegionCode, request: &str, status, body: &[u8]| {
        check_answer(from, pair.key.public(), request, status, &headers, body)
    };
    assert_eq!(check(&pair.here, &request, StatusCode::OK, b"{}"), Ok(()));
    assert_eq!(check(&pair.here, &other, StatusCode::OK, b"{}"), Err(Refused::Signature));
    assert_eq!(check(&pair.here, &request, StatusCode::NOT_FOUND, b"{}"), Err(Refused::Signature));
    assert_eq!(check(&pair.here, &request, StatusCode::OK, b"[]"), Err(Refused::Digest));
    assert_eq!(check(&pair.there, &request, StatusCode::OK, b"{}"), Err(Refused::Unknown));
}
