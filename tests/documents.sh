#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the commands of documents, as they stand there and in that order, on a network of its own. See
# tests/README.md.
set -euo pipefail
# shellcheck source=network/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../network/lib.sh"
# shellcheck source=tests/examples.sh
. "$ROOT/tests/examples.sh"

help() {
  cat <<'END'
Runs the commands of documents: every line of every block that begins with ```sh.

  tests/documents.sh              every document, then the life of a network beyond what they show
  tests/documents.sh DOCUMENT...  only these, e.g. README.md
  tests/documents.sh --not-run    what stands in documents and is not run here, and why

It takes tests and benchmarks as tests/run.sh has built them.
END
}

# Each must stand in a document, word for word.
not_run() {
  cat <<'END'
tests/run.sh  # runs this script
tests/run.sh --quick  # is a part of tests/run.sh
tests/documents.sh  # is this script
src/contracts/check.sh tests  # run.sh checks more
network/bench.sh --bridge  # takes two minutes
tests/campaign.sh --minutes 60  # takes an hour
dotnet build tests/TokenLedger.Simulation -c Release -p:Planted=true  # run.sh
dotnet .artifacts/planted/bin/TokenLedger.Simulation/release/TokenLedger.Simulation.dll --planted  # run.sh
dotnet run -c Release --project tests/TokenLedger.Benchmarks -- --filter '*' --job short  # takes many minutes
dotnet run -c Release --project tests/TokenLedger.Benchmarks -- --filter '*' --job dry --inProcess  # run.sh
dotnet run -c Release --project tests/TokenLedger.Chaos -- --kills 50  # run.sh
dotnet run -c Release --project tests/TokenLedger.Chaos -- --kills 50 --scenarios  # minutes; campaign.sh
dotnet run -c Release --project tests/TokenLedger.Chaos -- --kills 3 --seed 17  # run.sh kills 50
dotnet run -c Release --project tests/TokenLedger.Chaos -- --minutes 60  # takes an hour
dotnet run -c Release --project tests/TokenLedger.Chaos -- --measure all  # needs the machine alone
dotnet list TokenLedger.sln package --vulnerable --include-transitive  # no registry here has advisories
tl context create mof-prod --node https://ledger.example:7443 --ca mof-ca.pem --genesis 9f3c...  # needs TLS
tokenledger-node --config node.json  # serves until it is stopped; devnet.sh starts each validator so
tokenledger-node --config node.json --from-snapshot 000000010000.snapshot  # StateSyncTests starts it so
tl bridge action finish-recovery --signers $BRIDGE/lane.json $ABROAD --from bridge-registrar  # in a week
tl bridge action execute raise.json --rpc $RPC --from bridge-registrar  # in two days; BridgeActionTests does
tokenledger-explorer --config explorer.json  # serves until it is stopped; ExplorerProcessTests starts it so
tokenledger-explorer rebuild --config explorer.json  # needs an explorer; ExplorerProcessTests runs it
tokenledger-explorer rollback --config explorer.json  # needs an explorer; ExplorerProcessTests runs it
dotnet test tests/TokenLedger.Explorer.Tests -c Release --filter Pace -l 'console;verbosity=detailed'  # slow
tokenledger-explorer prune --config explorer.json  # needs an explorer; ExplorerProcessTests runs it
dotnet build src/TokenLedger.Mesh -c Release  # is built already
tokenledger-mesh --config mesh.json  # serves until it is stopped; MeshProcess of its tests starts it so
tl key export treasury-maker-1 > secret.hex  # asks a person at a terminal; ContextAndKeyTests plays one
source <(tl completion zsh)  # needs zsh; HelpTests has it printed
tl completion fish | source  # needs fish; HelpTests has it printed
/usr/bin/python3 src/examples/python/proof.py $ACCESS $SHOW  # needs TLS; ExampleAccessTests does it
npm ci --ignore-scripts --prefix src/examples/typescript  # ExampleTests' prepare.sh does, elsewhere
node src/examples/typescript/withdraw.ts $PAY $OUT  # ExampleTests runs it, with tests/tools' node
node src/examples/typescript/deposits.ts $WHO --book typescript.book $UNTIL  # ExampleTests runs it
node src/examples/typescript/reconcile.ts $WHO --book typescript.book  # ExampleTests runs it
node src/examples/typescript/proof.ts $WHO --genesis $GENESIS --asset GOV-BOND-2031  # ExampleTests runs it
tl completion pwsh | Out-String | Invoke-Expression  # needs PowerShell; HelpTests has it printed
END
}

without_comment() { sed -E 's/ +# .*//'; }

commands_of() {
  awk '/^```sh$/ { on = 1; next } /^```/ { on = 0 } on && NF' "$ROOT/$1" | without_comment
}

# What runs in place of a command that builds (it is built already), takes minutes, or never ends by itself.
runnable() {
  case "$1" in
    "dotnet run "*" src/examples/csharp -- "*)
      echo "dotnet ${TL_DLL%/*/*/*}/TokenLedger.Examples/release/TokenLedger.Examples.dll" \
        "${1##* -- }"
      ;;
    *"/tokenledger-mesh.dll "*)
      echo "interrupted dotnet ${TL_DLL%/*/*/*}/TokenLedger.Mesh/release/tokenledger-mesh.dll ${1##*.dll }"
      ;;
    *"dotnet test "*)
      # A filter that finds nothing would pass.
      printf '(cd %q && %s -- RunConfiguration.TreatNoTestsAsError=true)\n' "$ROOT" \
        "${1/-c Release/-c Release --no-build}"
      ;;
    *"dotnet "*) printf '(cd %q && %s)\n' "$ROOT" "${1/-c Release/-c Release --no-build}" ;;
    tests/* | src/contracts/*) printf '(cd %q && %s)\n' "$ROOT" "$1" ;;
    network/bench.sh)
      echo "TL_DEVNET_BASE_PORT=9200 $1 --settle-seconds 0 --light-seconds 2 --full-seconds 2"
      ;;
    "tl event watch "* | "tl block watch" | "tl block watch --from-height "* | \
      "tl exchange deposits watch "*ndjson) echo "interrupted $1" ;;
    *) printf '%s\n' "$1" ;;
  esac
}

# As by Ctrl-C after a while, which is no failure.
interrupted() {
  local code=0
  timeout --preserve-status -s INT 2 "$@" || code=$?
  [ "$code" -eq 130 ] || [ "$code" -eq 0 ] || return "$code"
}

play() {
  local document="$1" command skipped needs_lane
  skipped="$(not_run | without_comment)"
  say "== $document ($SECONDS s)"
  while IFS= read -r command <&8; do
    ! grep -qxF -- "$command" <<<"$skipped" || continue
    # The bridge's examples need a lane and what stands on it: network/README.md has a network with one.
    needs_lane='^tl (bridge|tx build bridge-|devnet bridge-)'
    [[ "$document" != src/TokenLedger.Cli/* || ! "$command" =~ $needs_lane ]] || continue
    before_example "$command"
    say "\$ $command"
    eval "$(runnable "$(filled_in "$command")")" 8<&- </dev/null
  done 8< <(commands_of "$document")
}

# Runs a command, which must succeed and say this.
expect() {
  local said
  said="$("${@:2}" 2>&1)" || die "${*:2} failed: $said"
  say "$said"
  [[ "$said" == *"$1"* ]] || die "${*:2} does not say: $1"
}

# The same, of a command that says it within some time only.
expect_within() {
  local deadline=$((SECONDS + $1)) said
  until said="$("${@:3}" 2>&1)" && [[ "$said" == *"$2"* ]]; do
    [ "$SECONDS" -lt "$deadline" ] || die "${*:3} does not say within $1 s: $2. It says: $said"
    sleep 0.5
  done
  say "$said"
}

# Scripts explain themselves. Of four validators one lives: with the second start says that they are too few,
# with the third the network goes on. After down, up finds it as it was.
play_beyond_documents() {
  local i script
  say "== Beyond documents ($SECONDS s)"
  for script in "$ROOT"/network/{devnet,demo,bridge-demo,bench}.sh \
    "$ROOT"/tests/{run,documents,campaign}.sh; do
    expect "${script##*/}" "$script" --help
  done
  network/devnet.sh up
  for i in 1 2 3; do network/devnet.sh kill "$i"; done
  expect 'the network is not finalizing: 2 of 4' network/devnet.sh start 1
  eval "$(network/devnet.sh env)"
  # A head is stale when five heartbeats have passed.
  expect_within 20 ': this is how it was at' tl account balance citizen-1
  expect 'validator-2 is ready' network/devnet.sh start 2
  network/devnet.sh down
  expect 'Nothing runs' network/devnet.sh status
  network/devnet.sh up
  network/devnet.sh status
}

DOCUMENTS=("$@")
case "${1:-}" in
  --help | -h | help)
    help
    exit 0
    ;;
  --not-run)
    not_run
    exit 0
    ;;
  "")
    mapfile -t DOCUMENTS < <(cd "$ROOT" && git ls-files '*.md')
    stale="$(not_run | without_comment |
      grep -vxF -f <(for document in "${DOCUMENTS[@]}"; do commands_of "$document"; done) || true)"
    [ -z "$stale" ] || die "no document has: $stale"
    ;;
esac

# A folder that looks to a reader as the repository does, where files may be left behind.
WORK="$(mktemp -d)"
export TL_DEVNET_DIR="$WORK/network/.devnet" TL_DEVNET_BASE_PORT=9700
export XDG_CONFIG_HOME="$WORK/config" NO_COLOR=1
trap '"$ROOT/network/devnet.sh" reset; rm -rf "$WORK"' EXIT
mkdir -p "$WORK/network"
for script in "$ROOT"/network/*.sh; do
  printf '#!/bin/sh\nexec %q "$@"\n' "$script" >"$WORK/network/${script##*/}"
done
chmod +x "$WORK"/network/*.sh
ln -s "$ROOT/genesis" "$ROOT/proto" "$ROOT/src" "$WORK/"
cd "$WORK"

for document in "${DOCUMENTS[@]}"; do
  [ -z "$(commands_of "$document")" ] || play "$document"
done
[ $# -gt 0 ] || play_beyond_documents
