//! What Linux knows of a process: the processor time it used and the memory it holds.

use crate::Result;
use std::fs;

/// `/proc/PID/stat` counts in these (`USER_HZ`, fixed at 100 for programs on every Linux architecture).
const TICKS_PER_SECOND: f64 = 100.0;

/// Fields of `/proc/PID/stat` behind the command's closing bracket, as proc(5) numbers them less three.
const USER_TICKS: usize = 11;
const SYSTEM_TICKS: usize = 12;
/// Those of children that have ended and were waited for.
const CHILDREN_TICKS: [usize; 2] = [13, 14];
const PARENT: usize = 1;

/// Seconds of processor time a process has used so far, all threads, user and system.
pub(crate) fn cpu_seconds(pid: u32) -> Result<f64> {
    ticks(&stat(pid)?, &[USER_TICKS, SYSTEM_TICKS])
}

/// The same of a process and all children it ever had, without theirs: PostgreSQL has a process for each connection.
pub(crate) fn family_cpu_seconds(pid: u32) -> Result<f64> {
    let own = ticks(&stat(pid)?, &[USER_TICKS, SYSTEM_TICKS, CHILDREN_TICKS[0], CHILDREN_TICKS[1]])?;
    let mut all = own;
    for entry in fs::read_dir("/proc")? {
        let Some(child) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        // One that ends now is counted with its parent the next time.
        let Ok(fields) = stat(child) else { continue };
        if fields.get(PARENT).is_some_and(|parent| *parent == pid.to_string()) {
            all += ticks(&fields, &[USER_TICKS, SYSTEM_TICKS])?;
        }
    }
    Ok(all)
}

fn ticks(fields: &[String], places: &[usize]) -> Result<f64> {
    let mut sum = 0.0;
    for place in places {
        sum += fields.get(*place).map_or("", String::as_str).parse::<f64>()?;
    }
    Ok(sum / TICKS_PER_SECOND)
}

/// The fields behind the command.
fn stat(pid: u32) -> Result<Vec<String>> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The command may contain spaces and brackets, so the fields are counted from its last bracket.
    let (_, fields) = stat.rsplit_once(") ").ok_or("/proc has another form than proc(5) says")?;
    Ok(fields.split_whitespace().map(str::to_owned).collect())
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
        // Read in this order, because it goes on meanwhile.
        let alone = cpu_seconds(me).unwrap();
        assert!(family_cpu_seconds(me).unwrap() >= alone);
    }
}
