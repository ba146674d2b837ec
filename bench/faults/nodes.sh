#!/usr/bin/env bash
# The long form of P1, P2 and P22 on several nodes: one fault in the middle of traffic, or all of them one after the
# other. The tests that do it are in server/tests/promises/nodes/; `./test` runs them with a few dozen acknowledgements.
#
#   bench/faults/nodes.sh all|FAULT [ACKNOWLEDGEMENTS]
#
# FAULT is a file of that folder without its ending (kill, stopped, failover, …); the scripts beside this one name them. Prints
# a line for each fault:
#
#   fault=… acknowledged=… lost=… revived=… unavailable_ms=… errors_5xx=… connections_failed=…
#
# unavailable_ms is the longest time in which no write was acknowledged anywhere. Where a machine does not allow a fault
# (network namespaces and a file system of one's own need root) the line begins with NOT PROVEN HERE and says why. Exit code
# 0: nothing was lost, nothing revived, and whoever was not served got 503 in the door's own words. Takes about a minute
# per 1,000 acknowledgements and fault on two idle cores: most of them cost a password hash.
set -euo pipefail
cd "$(dirname "$0")/../.."

fault="${1:?usage: bench/faults/nodes.sh all|FAULT [ACKNOWLEDGEMENTS]}"
export DOORWARD_FAULT_ACKNOWLEDGEMENTS="${2:-10000}"
[ "$fault" = all ] && name='promises::nodes::' || name="promises::nodes::$fault::"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The workspace as a whole, as ./test builds it. One test at a time: they measure how long nothing was served.
code=0
cargo test --workspace --locked --test main "$name" -- --nocapture --test-threads=1 >"$log" 2>&1 || code=$?
if ! grep -E '^(fault=|NOT PROVEN HERE: fault=)' "$log"; then
  echo "no such fault, or it did not come to its end: $fault" >&2
  [ "$code" -ne 0 ] || code=2
fi
[ "$code" -eq 0 ] || tail -n 100 "$log" >&2
exit "$code"
