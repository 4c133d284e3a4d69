#!/usr/bin/env bash
# Builds, runs and tests Tandem: ./build.sh [build|run|test|bench|simulate|tidy|sizes]. The steps live in crates/xtask.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
if ! command -v cargo >/dev/null; then
  echo "build.sh: cargo is missing; install Rust's stable toolchain with rustup first" >&2
  exit 1
fi
# Every Rust program here is linked by the C compiler, xtask included, so this cannot wait for xtask.
if ! command -v cc >/dev/null; then
  if [ "$(id -u)" != 0 ]; then
    echo "build.sh: no C compiler; install the Debian packages gcc and libc6-dev" >&2
    exit 1
  fi
  apt-get update -q && apt-get install -y -q --no-install-recommends gcc libc6-dev
fi
exec cargo run --quiet --package xtask -- "$@"
