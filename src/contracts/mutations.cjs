#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Takes one rule at a time out of a copy of the contracts and runs the tests there: a test must notice
// each. Prints a table; fails if none notices one, or if a rule is not found where this looks for it.
'use strict';
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const here = __dirname;
const forge = path.join(here, 'node_modules/@foundry-rs/forge-linux-amd64/bin/forge');
const WORKERS = 2;

// What is taken out, the file, its text, what stands there instead.
const mutations = [
  ['replay check', 'TLBridge', 'tally.bits & bit == 0 ?', 'true ?'],
  ['nonce is consumed', 'TLBridge', 'tally.bits |= bit;', ''],
  ['voided nonce is consumed', 'TLBridge', '_consumed[nonce / WORD] |= 1 << (nonce % WORD);', ''],
  ['epoch in what is signed', 'TLBridge', 'BATCH, _ledgerId, epoch,', 'BATCH, _ledgerId, uint64(1),'],
  ['epochs follow each other', 'TLValidatorSet', 'if (newEpoch != epoch + 1) revert', 'if (false) revert'],
  ['quorum', 'TLProof', 'return n - (n - 1) / 3;', 'return n - (n - 1) / 3 - 1;'],
  ['exactly a quorum', 'TLProof', 'if (seen != needed) revert', 'if (false) revert'],
  ['low s', 'TLProof', 'and(isLow, isMember)', 'isMember'],
  ['zero signer', 'TLProof', 'isMember), gt(signer, 0)', 'or(isMember, iszero(signer))), 1'],
  ['signer is the member', 'TLProof', 'and(isLow, isMember)', 'isLow'],
  ['set is the one held', 'TLProof', 'if (_hash(epoch, validators) != setHash) revert', 'if (false) revert'],
  ['ascending members', 'TLValidatorSet', 'if (validators[i] <= last) revert', 'if (false) revert'],
  ['deadline', 'TLBridge', 'if (block.timestamp > deadline) revert', 'if (false) revert'],
  ['pause of minting', 'TLBridge', 'if (mintPaused) revert', 'if (false) revert'],
  ['pause of burning', 'TLBridge', 'if (burnPaused) revert', 'if (false) revert'],
  ['item cap', 'TLBridge', 'if (amount > tally.perItem) return', 'if (false) return'],
  ['mint bucket is used up', 'TLBooks', 'uint128(tally.level - tally.minted)', 'uint128(tally.level)'],
  ['burn limit', 'TLBooks', 'if (amount > level) revert', 'if (false) revert'],
  ['supply ceiling', 'TLBooks', 'supply < ceiling ? ceiling - supply : 0', 'ceiling'],
  ['sum of locks', 'TLBooks', 'if (tally.backing < tally.tightest) tally.tightest = tally.backing;', ''],
  ['largest sum of locks', 'TLBooks', '(cumLocked > most ? cumLocked : most)', 'cumLocked'],
  ['lower only', 'TLBooks', 'if (lower && _isHigher(limits, old)) revert', 'if (false) revert'],
  ['burn destroys', 'TLBridge', 'TLToken(token).crosschainBurn(msg.sender, amount);', ''],
  ['burn is chained', 'TLBurnChain', 'burnAcc = acc;', ''],
  ['eligibility of receivers', 'TLToken', 'return _asked(from, to, amount);', 'return TLCodes.OK;'],
  ['frozen receivers', 'TLToken', 'if (_freezes[to].all) return', 'if (false) return'],
  ['frozen units', 'TLToken', 'freeze.amount > balance - amount) return', 'false) return'],
  ['only the bridge', 'TLToken', 'if (msg.sender != bridge) revert', 'if (false) revert'],
  ['code of venues', 'TLEligibility', '&& account.codehash == venue.codeHash', ''],
  ['cold quorum unpauses', 'TLBridge', '_validatorSet.verifyCold(', '_validatorSet.verify('],
  ['guardian cancels', 'TLValidatorSet', 'external restricted {', 'external {'],
  ['delay of recovery', 'TLValidatorSet', 'if (block.timestamp < begun.readyAt) revert', 'if (false) revert'],
  ['no reentrance', 'TLBridge', 'if (_minting) revert Reentered();\n        // forge', '// forge'],
  ['gas for an item', 'TLBridge', 'if (gasleft() < ITEM_GAS) revert', 'if (false) revert'],
];

// What is tried when there is not the time for all.
const core = ['replay check', 'epoch in what is signed', 'epochs follow each other', 'quorum', 'low s',
  'mint bucket is used up', 'pause of minting', 'eligibility of receivers', 'burn destroys', 'sum of locks'];

// Quick: nothing is optimized, a change of one contract compiles no test again, and chance gets less time.
const config = fs.readFileSync(path.join(here, 'foundry.toml'), 'utf8')
  .replace('optimizer = true', 'optimizer = false')
  .replace('runs = 256', 'runs = 16')
  .replace('runs = 24', 'runs = 8')
  .replace('offline', 'dynamic_test_linking = true\noffline')
  .replace('./solc-wrapper.cjs', path.join(here, 'solc-wrapper.cjs'));

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

async function main() {
  const only = process.argv[2];
  const wanted = mutations.filter(
    ([name]) => only === undefined || name === only || (only === 'core' && core.includes(name)));
  if (wanted.length < (only === 'core' ? core.length : 1)) throw new Error(`no such mutation: ${only}`);
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'mutations-'));
  try {
    const original = makeCopy(scratch, 'original');
    const sound = await test(original);
    if (sound.code !== 0) throw new Error(`the tests fail as they are:\n${sound.output}`);
    const results = new Array(wanted.length);
    let next = 0;
    await Promise.all(Array.from({ length: WORKERS }, async (_, worker) => {
      const copy = makeCopy(scratch, `worker-${worker}`, original);
      while (next < wanted.length) {
        const i = next++;
        results[i] = await tryOne(copy, wanted[i]);
      }
    }));
    console.log('| Taken out | Where | Noticed by |\n|---|---|---|');
    for (const [i, [name, file]] of wanted.entries()) {
      console.log(`| ${name} | \`${file}\` | ${results[i]} |`);
    }
    const survivors = results.filter((result) => result.startsWith('**')).length;
    if (survivors !== 0) {
      console.error(`mutations: nobody noticed ${survivors}`);
      process.exitCode = 1;
    }
  } finally {
    fs.rmSync(scratch, { recursive: true });
  }
}

function makeCopy(scratch, name, from) {
  const copy = path.join(scratch, name);
  if (from === undefined) {
    fs.mkdirSync(copy);
    for (const folder of ['src', 'test', 'script']) {
      fs.cpSync(path.join(here, folder), path.join(copy, folder), { recursive: true });
    }
    fs.symlinkSync(path.join(here, 'node_modules'), path.join(copy, 'node_modules'));
    fs.writeFileSync(path.join(copy, 'foundry.toml'), config);
    // Neither is asked of a mutant: the first measures what an optimizer made, the second needs a node.
    fs.rmSync(path.join(copy, 'test/Gas.t.sol'));
    fs.rmSync(path.join(copy, 'script/Deploy.s.sol'));
    const base = path.join(copy, 'test/Base.sol');
    replace(base, 'uint8[4] memory sizes = [4, 7, 16, 31]', 'uint8[1] memory sizes = [4]');
  } else {
    fs.cpSync(from, copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  }
  return copy;
}

async function tryOne(copy, [, file, text, instead]) {
  const target = path.join(copy, 'src', `${file}.sol`);
  const source = fs.readFileSync(target, 'utf8');
  if (!source.includes(text)) return '**nobody: not found**';
  fs.writeFileSync(target, source.replaceAll(text, () => instead));
  const { code, output } = await test(copy);
  fs.writeFileSync(target, source);
  if (output.includes('Compiler run failed')) return '**nobody: does not compile**';
  if (code === 0) return '**nobody**';
  const noticed = [...new Set(output.match(/(test|testFuzz|invariant)_\w+|setUp/g) ?? [])];
  if (noticed.length === 0) return `**nobody: ${output.slice(-200)}**`;
  return `\`${noticed[0]}\``;
}

function replace(file, text, instead) {
  const source = fs.readFileSync(file, 'utf8');
  if (!source.includes(text)) throw new Error(`${file}: no ${text}`);
  fs.writeFileSync(file, source.replace(text, instead));
}

function test(copy) {
  return new Promise((resolve) => {
    const child = spawn(forge, ['test', '--fail-fast'], { cwd: copy });
    let output = '';
    child.stdout.on('data', (data) => { output += data; });
    child.stderr.on('data', (data) => { output += data; });
    child.on('close', (code) => resolve({ code, output: failures(output) }));
  });
}

// Only failures; of a test that passed nothing is said. An invariant's name stands below its calls.
function failures(output) {
  return output.split('\n')
    .filter((line) => /FAIL|Compiler run failed|^Error|^ *invariant_/.test(line) && !line.includes('[PASS]'))
    .join('\n');
}
