//! The watch: a process that stops a server once no test uses it, whatever became of the tests.

use crate::{
    home::Home,
    programs::{as_owner, find},
};
use std::{os::unix::process::CommandExt, path::Path};

/// Every test holds `users` shared; whoever starts or stops a server holds `gate`. Tests come and go, so a server is
/// idle only when it was found so several times.
const SCRIPT: &str = r#"
exec 8<"$1/gate" 9<"$1/users" || exit
idle=0
while sleep 2; do
  flock 8
  if flock -n 9; then
    idle=$((idle + 1))
    if [ "$idle" -ge "$3" ]; then
      "$2" stop -m immediate -D "$1/data"
      rm -rf "$1/data" "$1/log" "$1"/.s.*
      exit
    fi
    flock -u 9
  else
    idle=0
  fi
  flock -u 8
done
"#;

/// Starts it.
pub(crate) fn start(home: &Home, idle: u32) {
    let pg_ctl = find("pg_ctl").expect("pg_ctl");
    as_owner(Path::new("/bin/sh"))
        .args(["-c", SCRIPT, "watch"])
        .arg(&home.path)
        .arg(pg_ctl)
        .arg(idle.to_string())
        .process_group(0)
        .spawn()
        .map(drop)
        .expect("the watch starts");
}
