//! Who else uses the database: asked by a move, which no node may work beside.

use super::{errors::Failure, link::Link};

impl Link {
    /// The other connections of the same user, by application and address. What has this connection's own application
    /// name belongs to the same program.
    pub(super) fn others(&self) -> Result<Vec<String>, Failure> {
        let rows = self.ask(
            "SELECT application_name, client_addr FROM pg_stat_activity WHERE datname = current_database() \
             AND usename = current_user AND backend_type = 'client backend' \
             AND application_name <> current_setting('application_name')",
        )?;
        Ok(rows.into_iter().map(|row| in_words(&row)).collect())
    }
}

fn in_words(row: &[Option<String>]) -> String {
    let [name, address] = [0, 1].map(|column| row.get(column).and_then(Option::as_deref).unwrap_or_default());
    let name = if name.is_empty() { "a nameless connection" } else { name };
    if address.is_empty() { name.to_owned() } else { format!("{name} from {address}") }
}
