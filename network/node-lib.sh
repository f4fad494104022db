# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Starts the demo network's validators and waits for them. Sourced by devnet.sh, whose variables it uses.

# Before anything starts, so that a network starts whole or not at all.
check_ports() {
  local i port
  for i in "$@"; do
    ! pid_of "$i" >/dev/null || continue
    for port in $(ports_of "$i"); do
      ! port_in_use "$port" ||
        die "port $port, which validator-$i needs, is in use;" \
          "stop what uses it, or reset and choose --base-port"
    done
  done
}

start_node() {
  local i="$1" pid
  if pid="$(pid_of "$i")"; then
    say "validator-$i runs already (pid $pid)"
    return 0
  fi

  printf '%s --- start ---\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >>"$LOGS/node-$i.log"
  setsid nohup dotnet "$NODE_DLL" --config "$NET/node-$i/node.json" \
    </dev/null >>"$LOGS/node-$i.log" 2>&1 9>&- &
  pid=$!
  printf '%s %s\n' "$pid" "$(start_time_of "$pid" || echo 0)" >"$RUN/node-$i.pid"
  disown "$pid"
}

explain_failure() {
  local i="$1" what="$2"
  say "error: validator-$i $what. The end of its log:"
  # Of a line in JSON only its message; what is not JSON (a crash on stderr) stays whole.
  tail -n 15 "$LOGS/node-$i.log" | sed -E 's/^\{.*"Message":"(([^"\\]|\\.)*)".*/\1/' >&2
  say "Its whole log: network/devnet.sh logs $i"
  exit 1
}

# Ready means: the database is open, and blocks are followed. One that ended will not become ready.
wait_ready() {
  local deadline=$((SECONDS + READY_SECONDS)) i
  for i in "$@"; do
    until [ "$(http_status "$(operations_port_of "$i")" /health/ready)" = 200 ]; do
      pid_of "$i" >/dev/null || explain_failure "$i" "ended"
      [ "$SECONDS" -lt "$deadline" ] || explain_failure "$i" "is not ready after $READY_SECONDS s"
      sleep 0.1
    done
  done
}

# Waits until validator N follows the chain, or until it is plain that there is nothing to follow.
wait_started() {
  local i="$1" port deadline=$((SECONDS + READY_SECONDS)) stalled=0 status why count running needed
  port="$(operations_port_of "$i")"
  until [ "$(http_status "$port" /health/live)" = 200 ]; do
    pid_of "$i" >/dev/null || explain_failure "$i" "ended"
    [ "$SECONDS" -lt "$deadline" ] || explain_failure "$i" "does not answer after $READY_SECONDS s"
    sleep 0.1
  done
  # One that just came is ready until it has missed some blocks; without a quorum it will miss them.
  count="$(validator_count)"
  running="$(running_count)"
  needed=$((count - (count - 1) / 3))
  if [ "$running" -lt "$needed" ]; then
    say "validator-$i runs; the network is not finalizing:" \
      "$running of $count validators run, and a quorum needs $needed"
    return 0
  fi
  until [ "$(http_status "$port" /health/ready)" = 200 ]; do
    pid_of "$i" >/dev/null || explain_failure "$i" "ended"
    # Both streams: the state is on stdout, why nothing becomes final on stderr.
    status="$(tl node status -o ndjson 2>&1)" || true
    if grep -qE '"finalizing": *true' <<<"$status"; then
      stalled=0
    elif [ "$stalled" -eq 0 ]; then
      # The validator that just came may be the one that was missing: its peers get time to reach it.
      stalled=$((SECONDS + STALL_SECONDS))
    elif [ "$SECONDS" -ge "$stalled" ]; then
      why="$(sed -nE 's/.*"why": *"(([^"\\]|\\.)*)".*/\1/p' <<<"$status" | head -n 1)"
      say "validator-$i runs; the network is not finalizing:" \
        "${why:-no validator says why; see: tl node status}"
      return 0
    fi
    [ "$SECONDS" -lt "$deadline" ] || explain_failure "$i" "is not ready after $READY_SECONDS s"
    sleep 0.3
  done
  say "validator-$i is ready"
}

# All validators finalize the same chain once each is at height 2 or above.
wait_finality() {
  local count deadline=$((SECONDS + READY_SECONDS)) json="" enough
  count="$(validator_count)"
  while [ "$SECONDS" -lt "$deadline" ]; do
    json="$(tl node status -o ndjson 2>/dev/null)" || true
    enough="$(grep -oE '"reachable": *true, *"height": *[0-9]+' <<<"$json" |
      awk -F: '$NF >= 2' | wc -l)" || true
    [ "$enough" -lt "$count" ] || return 0
    sleep 0.3
  done
  tl node status >&2 || true
  explain_failure 1 "and its peers finalize no blocks after $READY_SECONDS s"
}
