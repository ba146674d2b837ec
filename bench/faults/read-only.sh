#!/usr/bin/env bash
# The database takes no writes, because of a setting; and primary and standby change places.
#
#   bench/faults/read-only.sh [ACKNOWLEDGEMENTS]
#
# What it prints is explained in nodes.sh.
exec "$(dirname "$0")/nodes.sh" read_only "${1:-10000}"
