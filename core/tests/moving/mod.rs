//! Giving a move up, where an earlier try was killed between its two marks. Moves themselves are tried over real processes
//! (server/tests/operations/postgres/moving/).

use doorward_core::moving::{End, Error, abandon};
use doorward_model::Timestamp;
use doorward_store::Db;
use doorward_store::moving::{self, Mark, State};
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_micros(1_795_341_600_123_456);

async fn end(place: &str, id: u128, state: State, other: &str) -> End {
    let db = Db::in_memory().unwrap();
    let mark = Mark { id: Uuid::from_u128(id), state, other: other.to_owned(), at: NOW };
    db.write_house(move |tx| moving::put(tx, &mark)).await.unwrap();
    End { db, place: place.to_owned() }
}

async fn state(end: &End) -> Option<State> {
    end.db.read_house(moving::find).await.unwrap().map(|mark| mark.state)
}

#[tokio::test]
async fn it_goes_on_where_the_other_end_was_shut_already() {
    let from = end("here", 1, State::Left, "there").await;
    let to = end("there", 2, State::Arriving, "here").await;
    abandon(&from, Some(&to), Uuid::from_u128(3), NOW).await.unwrap();
    assert_eq!((state(&from).await, state(&to).await), (None, Some(State::Arriving)));
}

#[tokio::test]
async fn what_came_from_elsewhere_or_was_moved_on_gives_nothing_up() {
    for (id, there, other) in
        [(2, State::Arriving, "elsewhere"), (2, State::Arrived, "here"), (1, State::Left, "here")]
    {
        let from = end("here", 1, State::Left, "there").await;
        let to = end("there", id, there, other).await;
        let refused = abandon(&from, Some(&to), Uuid::from_u128(3), NOW).await;
        assert!(matches!(refused, Err(Error::Used { .. })), "{there:?} {refused:?}");
        assert_eq!((state(&from).await, state(&to).await), (Some(State::Left), Some(there)));
    }
}
