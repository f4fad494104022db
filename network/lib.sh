# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the operating scripts share. Sourced, never run: the caller has set -euo pipefail.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
ARTIFACTS="$ROOT/.artifacts"
NODE_DLL="$ARTIFACTS/bin/TokenLedger.Node/release/tokenledger-node.dll"
TL_DLL="$ARTIFACTS/bin/TokenLedger.Cli/release/tl.dll"
EXPLORER_DLL="$ARTIFACTS/bin/TokenLedger.Explorer/release/tokenledger-explorer.dll"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

say() { printf '%s\n' "$*" >&2; }

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# A package counts as installed when the loader finds its library, whoever installed it.
has_library() {
  local ldconfig=/sbin/ldconfig
  [ -x "$ldconfig" ] || ldconfig=ldconfig
  # The whole list is read: grep -q would end the pipe early, which pipefail reports as a failure.
  "$ldconfig" -p 2>/dev/null | grep -F "$1" >/dev/null
}

missing_native_packages() {
  has_library librocksdb.so || echo librocksdb7.8
  has_library libsecp256k1.so.1 || echo libsecp256k1-1
}

# Installs Debian packages, or prints the one line to run and ends.
install_packages() {
  local prefix=()
  [ $# -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    die "these Debian packages, or what your system calls them, are missing: $*"
  elif [ "$(id -u)" -eq 0 ]; then
    prefix=()
  elif sudo -n true 2>/dev/null; then
    prefix=(sudo -n)
  else
    say "Missing packages. Run this, then try again:"
    say "  sudo apt-get install -y $*"
    exit 1
  fi

  say "Installing $*"
  local log
  log="$(mktemp)"
  if ! { "${prefix[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      -o DPkg::Lock::Timeout=300 "$@" ||
    { "${prefix[@]}" apt-get update && "${prefix[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y \
      --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"; }; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "the packages could not be installed; run: apt-get install -y $*"
  fi
  rm -f "$log"
}

require_sdk() {
  command -v dotnet >/dev/null || die "the .NET SDK 10 is missing: see https://dotnet.microsoft.com/download"
}

# Changes whenever a source file does. Lock files are left out: a restore may write them.
source_fingerprint() {
  (cd "$ROOT" && find src proto global.json \( -path src/contracts -o -path src/examples \) -prune -o \
    -type f ! -name packages.lock.json -printf '%p %s %T@\n' |
    LC_ALL=C sort | sha256sum | cut -d' ' -f1)
}

RELEASE_STAMP="$ARTIFACTS/release.stamp"

# True when the programs are there and were built from these very sources.
release_is_current() {
  [ -f "$NODE_DLL" ] && [ -f "$TL_DLL" ] && [ -f "$EXPLORER_DLL" ] && [ -f "$RELEASE_STAMP" ] &&
    [ "$(cat "$RELEASE_STAMP")" = "$(source_fingerprint)" ]
}

# Builds one project, and says now and then that it still does.
build_project() {
  local pid started=$SECONDS said=$SECONDS
  say "  $1"
  dotnet build "$ROOT/src/$1/$1.csproj" -c Release --nologo -v quiet >>"$2" 2>&1 9>&- &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.5
    if [ $((SECONDS - said)) -ge 10 ]; then
      said=$SECONDS
      say "  $1: $((SECONDS - started)) s"
    fi
  done
  wait "$pid"
}

# Builds node, tl and explorer in Release. Nothing may run from the files that this overwrites.
build_release() {
  local fingerprint log="$ARTIFACTS/release.log" project
  ! release_is_current || return 0
  require_sdk
  fingerprint="$(source_fingerprint)"
  mkdir -p "$ARTIFACTS"
  say "Building (Release); the log is ${log#"$ROOT"/}"
  rm -f "$RELEASE_STAMP"
  : >"$log"
  for project in TokenLedger.Node TokenLedger.Cli TokenLedger.Explorer; do
    if ! build_project "$project" "$log"; then
      grep -E 'error' "$log" | sort -u | head -n 20 >&2 || tail -n 20 "$log" >&2
      die "the build failed; the whole log is $log"
    fi
  done
  stamp_release "$fingerprint"
}

# The programs were built from the sources that had this fingerprint.
stamp_release() { printf '%s\n' "$1" >"$RELEASE_STAMP"; }

# The moment a process started, in clock ticks since boot: with its pid, it names a process for good.
start_time_of() {
  local stat fields
  stat="$(cat "/proc/$1/stat" 2>/dev/null)" || return 1
  # The name stands in parentheses and may hold anything; the state and 18 more fields stand before the
  # start time.
  read -ra fields <<<"${stat##*) }"
  [ "${fields[0]}" != Z ] || return 1
  printf '%s\n' "${fields[19]}"
}

# A pid file holds a pid and its start time; prints the pid if that very process lives.
pid_from() {
  local pid started
  [ -f "$1" ] || return 1
  read -r pid started <"$1" || return 1
  [ "$(start_time_of "$pid")" = "$started" ] || return 1
  printf '%s\n' "$pid"
}

# True when something listens on a port of any local address.
port_in_use() {
  local files=(/proc/net/tcp) hex
  [ ! -r /proc/net/tcp6 ] || files+=(/proc/net/tcp6)
  hex="$(printf '%04X' "$1")"
  awk -v port=":$hex" '$4 == "0A" && substr($2, length($2) - 4) == port { found = 1 } END { exit !found }' \
    "${files[@]}"
}

# The status code of a GET on the loopback address, 000 when nothing answers within two seconds.
http_status() {
  local line="" words
  # In a subshell: a refused connection must not end the script, and the descriptor closes by itself.
  line="$(
    exec 2>/dev/null
    exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 0
    printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$2" >&3
    read -r -t 2 line <&3 || exit 0
    printf '%s' "$line"
  )" || line=""
  read -ra words <<<"$line"
  printf '%s\n' "${words[1]:-000}"
}
