#!/usr/bin/env bash
# The database's file system is full, then is not. Needs root, for a file system of its own.
#
#   bench/faults/database-full.sh [ACKNOWLEDGEMENTS]
#
# What it prints is explained in nodes.sh.
exec "$(dirname "$0")/nodes.sh" full "${1:-10000}"
