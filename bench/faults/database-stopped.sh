#!/usr/bin/env bash
# The database is stopped, and crashes, under three nodes with traffic; and is started again.
#
#   bench/faults/database-stopped.sh [ACKNOWLEDGEMENTS]
#
# What it prints is explained in nodes.sh.
exec "$(dirname "$0")/nodes.sh" stopped "${1:-10000}"
