#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Reads forge's lcov.info: every file of src has at least 95 % of its lines and of its branches covered,
// or this fails. Prints a table.
'use strict';
const fs = require('node:fs');

const LEAST = 95;
const files = new Map();
let file;
for (const line of fs.readFileSync(process.argv[2], 'utf8').split('\n')) {
  const [tag, value] = [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)];
  if (tag === 'SF') files.set(value, file = { lines: [0, 0], branches: [0, 0] });
  if (tag === 'LH') file.lines[0] = Number(value);
  if (tag === 'LF') file.lines[1] = Number(value);
  if (tag === 'BRH') file.branches[0] = Number(value);
  if (tag === 'BRF') file.branches[1] = Number(value);
}

const total = { lines: [0, 0], branches: [0, 0] };
let low = 0;
console.log('| File | Lines | Branches |\n|---|---|---|');
for (const [name, counts] of [...files].filter(([name]) => name.startsWith('src/')).sort()) {
  for (const kind of ['lines', 'branches']) {
    total[kind][0] += counts[kind][0];
    total[kind][1] += counts[kind][1];
    if (percent(counts[kind]) < LEAST) low++;
  }
  console.log(`| \`${name}\` | ${show(counts.lines)} | ${show(counts.branches)} |`);
}
console.log(`| all | ${show(total.lines)} | ${show(total.branches)} |`);
if (low !== 0 || total.lines[1] === 0) {
  console.error(`coverage: below ${LEAST} % in ${low} cases`);
  process.exitCode = 1;
}

function percent([hit, found]) {
  return found === 0 ? 100 : 100 * hit / found;
}

function show([hit, found]) {
  return `${hit} of ${found}`;
}
