#!/usr/bin/env bash
# The long form of P1 and P2: the process is killed, and a file system is cut off under it, in the middle of traffic,
# after ten thousand acknowledged sign-ins, sign-outs, password changes and consents each. The tests that do it are in
# server/tests/promises/durability.rs; `./test` runs them with a few hundred.
#
#   bench/faults/kill9.sh [ACKNOWLEDGEMENTS]
#
# Takes about three minutes on two cores: most acknowledgements cost a password hash. The cut needs root, loop devices and e2fsprogs;
# where they are missing the test prints "NOT PROVEN HERE" and why. Exit code 0: nothing was lost, nothing revived.
set -euo pipefail
cd "$(dirname "$0")/../.."

export DOORWARD_FAULT_ACKNOWLEDGEMENTS="${1:-10000}"
# Not in RAM: a directory that has no disk below it loses everything anyway.
export TMPDIR="${TMPDIR:-/var/tmp}"

if cargo nextest --version >/dev/null 2>&1; then
  exec cargo nextest run --locked -p doorward-server promises::durability --no-capture
else
  exec cargo test --locked -p doorward-server --test main promises::durability -- --nocapture
fi
