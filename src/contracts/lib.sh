# SPDX-License-Identifier: Apache-2.0
# What the scripts of this folder share; they set `here` and source it.
# shellcheck shell=bash disable=SC2034,SC2154

bin=$here/node_modules/@foundry-rs
forge=$bin/forge-linux-amd64/bin/forge
cast=$bin/cast-linux-amd64/bin/cast
anvil=$bin/anvil-linux-amd64/bin/anvil

# The lock file's packages, unless they are there. No package runs anything when it is installed.
install_tools() {
  if ! cmp -s "$here/package-lock.json" "$here/node_modules/.installed-lock"; then
    (cd "$here" && npm ci --ignore-scripts --no-audit --no-fund --silent)
    cp "$here/package-lock.json" "$here/node_modules/.installed-lock"
  fi
}

# Foundry's programs write below HOME.
private_home() {
  HOME=$1
  export HOME FOUNDRY_DISABLE_NIGHTLY_WARNING=1
}
