#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Every contract of src is one that a chain takes: its code within EIP-170, what makes it within EIP-3860.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const CODE = 24576;
const INIT = 49152;
for (const file of fs.readdirSync(path.join(__dirname, 'src'))) {
  const name = path.basename(file, '.sol');
  const artifact = JSON.parse(fs.readFileSync(path.join(__dirname, 'out', file, `${name}.json`), 'utf8'));
  const [code, init] = [artifact.deployedBytecode, artifact.bytecode].map(({ object }) => object.length / 2 - 1);
  console.log(`${name}: ${code} of ${CODE}, ${init} of ${INIT} bytes`);
  if (code > CODE || init > INIT) process.exitCode = 1;
}
