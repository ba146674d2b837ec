#!/usr/bin/env bash
# One node of three loses the network to the database: a silent socket, and a pulled cable where we are root.
#
#   bench/faults/network-cut.sh [ACKNOWLEDGEMENTS]
#
# What it prints is explained in nodes.sh.
exec "$(dirname "$0")/nodes.sh" cut "${1:-10000}"
