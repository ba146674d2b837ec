#!/usr/bin/env bash
# The database's answers take long, then longer than a node waits.
#
#   bench/faults/database-slow.sh [ACKNOWLEDGEMENTS]
#
# What it prints is explained in nodes.sh.
exec "$(dirname "$0")/nodes.sh" slow "${1:-10000}"
