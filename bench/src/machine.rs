//! The machine the figures belong to. Absolute figures mean nothing without it.

use doorward_crypto::password::Params;
use serde::Serialize;
use std::fs;
use std::process::Command;

/// What a reader must know to compare a figure with one of their own.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Machine {
    cpu: String,
    cores: usize,
    memory_mib: u64,
    kernel: String,
    rustc: String,
    load_before: String,
    parameters: String,
}

impl Machine {
    /// Reads what Linux says about itself.
    pub(crate) fn here() -> Self {
        let params = Params::OWASP;
        Self {
            cpu: field("/proc/cpuinfo", "model name"),
            cores: cores(),
            memory_mib: field("/proc/meminfo", "MemTotal")
                .trim_end_matches(" kB")
                .parse()
                .map_or(0, |kib: u64| kib / 1024),
            kernel: line("/proc/sys/kernel/osrelease"),
            rustc: rustc(),
            load_before: line("/proc/loadavg"),
            parameters: format!(
                "Argon2id m={} KiB, t={}, p={}",
                params.memory_kib(),
                params.passes(),
                params.lanes()
            ),
        }
    }

    /// A sentence for above the table.
    pub(crate) fn markdown(&self) -> String {
        let Self { cpu, cores, memory_mib, kernel, rustc, load_before, parameters } = self;
        format!(
            "Machine: {cpu}, {cores} cores, {memory_mib} MiB, Linux {kernel}, {rustc}, load before the run \
             {load_before}. {parameters}. The load generator shares the cores; where other programs do too, believe \
             the rows per second of processor time (/CPU-s).\n"
        )
    }
}

/// Cores this process may use.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn line(path: &str) -> String {
    fs::read_to_string(path).map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}

/// The value of the first `name: value` line of a file under `/proc`.
fn field(path: &str, name: &str) -> String {
    let text = line(path);
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.split_once(':'));
    value.map_or_else(|| "unknown".to_owned(), |(_, value)| value.trim().to_owned())
}

fn rustc() -> String {
    let said = Command::new("rustc").arg("--version").output();
    said.ok()
        .and_then(|said| String::from_utf8(said.stdout).ok())
        .map_or_else(|| "rustc unknown".to_owned(), |text| text.trim().to_owned())
}
