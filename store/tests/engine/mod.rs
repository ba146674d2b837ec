//! Transactions: what is acknowledged, what is undone, who is told, in which order.

mod backup;
mod commits;
mod full_disk;
mod isolation;
mod lanes;
mod moving;
mod opening;
mod postgres;
mod probe;
mod statements;
mod told;
