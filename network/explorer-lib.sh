# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The demo network's explorer. Sourced by devnet.sh, whose variables it uses.

explorer_port() { printf '%s\n' $(($(ports_of 1 | head -n 1) - 101 + 80)); }

explorer_url() { printf 'http://127.0.0.1:%s\n' "$(explorer_port)"; }

explorer_pid() { pid_from "$RUN/explorer.pid"; }

# It follows whichever validator answers, of the first 16, and believes nothing but the genesis hash that the
# client's context has.
write_explorer() {
  local genesis endpoints i
  for ((i = 1; i <= $(validator_count) && i <= 16; i++)); do
    endpoints="${endpoints:+$endpoints, }\"http://127.0.0.1:$(ports_of "$i" | sed -n 2p)\""
  done
  genesis="$(sed -nE 's/.*"genesisHash": *"([0-9a-f]{64})".*/\1/p' "$NET/client/context.json")"
  mkdir -p "$NET/explorer"
  printf '{\n  "endpoints": [%s],\n  "genesisHash": "%s",\n' \
    "$endpoints" "$genesis" >"$NET/explorer/explorer.json"
  printf '  "dataFolder": "data",\n  "listen": "127.0.0.1:%s"\n}\n' "$(explorer_port)" \
    >>"$NET/explorer/explorer.json"
}

start_explorer() {
  local pid deadline=$((SECONDS + READY_SECONDS))
  if ! explorer_pid >/dev/null; then
    ! port_in_use "$(explorer_port)" || die "port $(explorer_port), which the explorer needs, is in use"
    write_explorer
    setsid nohup dotnet "$EXPLORER_DLL" --config "$NET/explorer/explorer.json" \
      </dev/null >>"$LOGS/explorer.log" 2>&1 9>&- &
    pid=$!
    printf '%s %s\n' "$pid" "$(start_time_of "$pid" || echo 0)" >"$RUN/explorer.pid"
    disown "$pid"
  fi

  until [ "$(http_status "$(explorer_port)" /health/ready)" = 200 ]; do
    explorer_pid >/dev/null || { tail -n 5 "$LOGS/explorer.log" >&2; die "the explorer ended"; }
    [ "$SECONDS" -lt "$deadline" ] ||
      die "the explorer is not ready after $READY_SECONDS s; its log: $LOGS/explorer.log"
    sleep 0.1
  done
}

stop_explorer() {
  local pid deadline=$((SECONDS + STOP_SECONDS))
  pid="$(explorer_pid)" || { rm -f "$RUN/explorer.pid"; return 0; }
  kill -TERM "$pid" 2>/dev/null || true
  while explorer_pid >/dev/null; do
    [ "$SECONDS" -lt "$deadline" ] || kill -KILL "$pid" 2>/dev/null || true
    sleep 0.1
  done
  rm -f "$RUN/explorer.pid"
  say "The explorer stopped"
}
