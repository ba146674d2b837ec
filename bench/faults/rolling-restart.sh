#!/usr/bin/env bash
# One node of three after the other is asked to end and started again, under traffic.
#
#   bench/faults/rolling-restart.sh [ACKNOWLEDGEMENTS]
#
# What it prints is explained in nodes.sh.
exec "$(dirname "$0")/nodes.sh" rolling "${1:-10000}"
