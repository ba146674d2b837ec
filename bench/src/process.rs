//! What Linux knows of a process: the processor time it used and the memory it holds.

use crate::Result;
use std::fs;

/// `/proc/PID/stat` counts in these (`USER_HZ`, fixed at 100 for programs on every Linux architecture).
const TICKS_PER_SECOND: f64 = 100.0;

/// Fields of `/proc/PID/stat` behind the command's closing bracket, as proc(5) numbers them less three.
const USER_TICKS: usize = 11;
const SYSTEM_TICKS: usize = 12;

/// Seconds of processor time a process has used so far, all threads, user and system.
pub(crate) fn cpu_seconds(pid: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The command may contain spaces and brackets, so the fields are counted from its last bracket.
    let (_, fields) = stat.rsplit_once(") ").ok_or("/proc has another form than proc(5) says")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |place: usize| -> Result<f64> { Ok(fields.get(place).copied().unwrap_or("").parse()?) };
    Ok((ticks(USER_TICKS)? + ticks(SYSTEM_TICKS)?) / TICKS_PER_SECOND)
}

/// Resident memory in MB (10^6 bytes).
pub(crate) fn resident_mb(pid: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
    let kib: f64 = kib.ok_or("the process has no resident memory")?.trim().parse()?;
    Ok(kib * 1024.0 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory_and_time() {
        let me = std::process::id();
        assert!(resident_mb(me).unwrap() > 0.1);
        assert!(cpu_seconds(me).unwrap() >= 0.0);
        assert!(cpu_seconds(u32::MAX).is_err());
    }
}
