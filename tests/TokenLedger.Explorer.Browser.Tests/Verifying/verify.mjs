// SPDX-License-Identifier: Apache-2.0
// Verifies bundles with the page's own modules. Arguments: the folder of the modules, lines of
// { "text", "genesis" }, and where a line of JSON goes for each: what it shows, or the step and why it fails.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, input, output] = process.argv.slice(2);
const of = (name) => import(pathToFileURL(join(folder, name)));
const { Failure, verify } = await of('verify.js');
const { facts } = await of('show.js');
const { TEXTS, reason } = await of('texts.js');

const lines = [];
for (const line of readFileSync(input, 'utf8').split('\n').filter((one) => one !== '')) {
  const { text, genesis } = JSON.parse(line);
  try {
    const steps = [];
    const shown = await verify(text, genesis, (step) => steps.push(step));
    lines.push({ steps, pinned: shown.pinned, facts: { en: facts(shown, 'en'), ur: facts(shown, 'ur') } });
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    // Every failure has its words, with every place filled.
    const words = Object.keys(TEXTS).map((language) => reason(language, e));
    lines.push({ failed: e.step, code: e.code, words });
  }
}
writeFileSync(output, lines.map((one) => JSON.stringify(one) + '\n').join(''));
