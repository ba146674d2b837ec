//! Where addresses are, in the reader's language.

use doorward_core::PlaceDatabase;
use doorward_model::Language;
use doorward_testkit::{House, Names, location_database};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tracing::subscriber;

const LYON: Names<'_> = &[("en", "Lyon"), ("de", "Lyon")];
const FRANCE: Names<'_> = &[("en", "France"), ("de", "Frankreich")];

fn database() -> PlaceDatabase {
    let networks = [
        ("203.0.113.0/24", LYON, FRANCE),
        ("2001:db8::/32", &[], FRANCE),
        ("10.0.0.0/8", LYON, FRANCE),
        ("198.51.100.7/32", &[], &[]),
    ];
    PlaceDatabase::of(location_database(&networks)).unwrap()
}

#[tokio::test]
async fn an_address_is_near_a_city_in_the_readers_language() {
    let house = House::start().await;
    let near = |address: &str, language| house.core.places().near(address.parse().unwrap(), language);
    assert_eq!(near("203.0.113.7", Language::En), None, "nobody supplied a database");
    house.core.places().ask(Some(database()));
    assert_eq!(near("203.0.113.7", Language::En).as_deref(), Some("Lyon, France"));
    assert_eq!(near("203.0.113.7", Language::De).as_deref(), Some("Lyon, Frankreich"));
    assert_eq!(near("203.0.113.255", Language::Fr).as_deref(), Some("Lyon, France"), "it knows no French");
    assert_eq!(near("::ffff:203.0.113.7", Language::En).as_deref(), Some("Lyon, France"));
    assert_eq!(near("2001:db8::1", Language::De).as_deref(), Some("Frankreich"));
    for nowhere in ["203.0.114.1", "198.51.100.7", "10.1.2.3", "127.0.0.1", "::1", "fd00::1", "2001:db9::1"] {
        assert_eq!(near(nowhere, Language::En), None, "{nowhere}");
    }
    house.core.places().ask(None);
    assert_eq!(near("203.0.113.7", Language::En), None);
}

#[test]
fn what_is_no_database_is_refused() {
    let whole = location_database(&[("203.0.113.0/24", LYON, FRANCE)]);
    for broken in [Vec::new(), b"city,country\nLyon,France\n".to_vec(), whole[..whole.len() / 2].to_vec()] {
        assert!(PlaceDatabase::of(broken).is_err());
    }
}

#[derive(Clone, Default)]
struct Pages(Arc<Mutex<Vec<u8>>>);

impl Write for Pages {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_database_that_is_broken_inside_is_told_of_once_for_each_file() {
    let house = House::start().await;
    let mut broken = location_database(&[("203.0.113.0/24", LYON, FRANCE)]);
    let name = broken.windows(4).position(|it| it == b"Lyon").unwrap();
    // A number of two bytes where a text belongs.
    broken[name - 1] = 0xa2;
    let pages = Pages::default();
    let writer = pages.clone();
    let log = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone());
    let guard = subscriber::set_default(log.finish());
    for files in 1..=2 {
        house.core.places().ask(Some(PlaceDatabase::of(broken.clone()).unwrap()));
        for _ in 0..3 {
            assert_eq!(house.core.places().near("203.0.113.7".parse().unwrap(), Language::En), None);
        }
        let text = String::from_utf8(pages.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.matches("the location database is broken").count(), files, "{text}");
    }
    drop(guard);
}
