#!/usr/bin/env bash
# The synchronous standby takes over from a primary that crashed, and from one that only stopped answering.
#
#   bench/faults/failover.sh [ACKNOWLEDGEMENTS]
#
# What it prints is explained in nodes.sh.
exec "$(dirname "$0")/nodes.sh" failover "${1:-10000}"
