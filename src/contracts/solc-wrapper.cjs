#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// The little of the native compiler's command line that forge calls, answered by the npm package solc: forge
// would fetch a native compiler otherwise, and no check here needs a network.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const solc = require('solc');
const args = process.argv.slice(2);

if (args.includes('--version')) {
  // forge reads a native compiler's words.
  const version = solc.version().replace('Emscripten.clang', 'Linux.g++');
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${version}`);
} else if (args.includes('--standard-json')) {
  const roots = args.filter((_, i) => ['--base-path', '--include-path'].includes(args[i - 1]));
  writeAll(Buffer.from(solc.compile(fs.readFileSync(0, 'utf8'), { import: (name) => find(roots, name) })));
} else {
  console.error(`not understood: ${args.join(' ')}`);
  process.exitCode = 2;
}

function find(roots, name) {
  for (const root of [...roots, process.cwd()]) {
    const file = path.resolve(root, name);
    if (fs.existsSync(file)) return { contents: fs.readFileSync(file, 'utf8') };
  }
  return { error: `no such file: ${name}` };
}

// A pipe takes some at a time.
function writeAll(bytes) {
  for (let done = 0; done < bytes.length;) {
    try {
      done += fs.writeSync(1, bytes, done);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}
