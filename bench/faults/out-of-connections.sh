#!/usr/bin/env bash
# Strangers take every connection of the database (max_connections).
#
#   bench/faults/out-of-connections.sh [ACKNOWLEDGEMENTS]
#
# What it prints is explained in nodes.sh.
exec "$(dirname "$0")/nodes.sh" connections "${1:-10000}"
