#!/usr/bin/env bash
# `kill -9` of one node of three after the other, under traffic.
#
#   bench/faults/node-killed.sh [ACKNOWLEDGEMENTS]
#
# What it prints is explained in nodes.sh.
exec "$(dirname "$0")/nodes.sh" kill "${1:-10000}"
