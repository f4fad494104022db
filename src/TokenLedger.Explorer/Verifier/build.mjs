// SPDX-License-Identifier: Apache-2.0
// Makes Built/ of Page/: the pages that the explorer serves, and the one file that works by itself. The same
// sources give the same bytes on every machine: nothing of the surroundings goes in. --check compares only.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const source = (name) => readFileSync(join(folder, 'Page', name), 'utf8');

// Each after what it imports.
const MODULES = [
  'bytes.js', 'vendor/_u64.js', 'vendor/utils.js', 'vendor/sha3.js', 'vendor/secp256k1.js', 'hashes.js',
  'records.js', 'bundle.js', 'verify.js', 'words.js', 'texts.js', 'show.js', 'page.js',
];
const IMPORT = /^import \{([^}]*)\}\s+from ['"]([^'"]+)['"];$/gm;
const EXPORTED = /^export (?:async )?(?:const|function|class) (\w+)/gm;
const EXPORT_LIST = /^export \{([^}]*)\};$/gm;

const varOf = (name) => 'm_' + name.replace(/\W/g, '_');

/** One module as a function that is called once, in a scope of its own. */
function wrap(name) {
  let code = source(name);
  const exported = [...code.matchAll(EXPORTED)].map((match) => match[1]);
  for (const match of code.matchAll(EXPORT_LIST)) {
    exported.push(...match[1].split(',').map((one) => one.trim()).filter((one) => one !== ''));
  }
  code = code
    .replace(IMPORT, (whole, names, from) => {
      const target = join(dirname(name), from);
      if (!MODULES.includes(target)) throw new Error(`${name} imports ${from}, which is not in the list.`);
      return `const {${names}} = ${varOf(target)};`;
    })
    .replace(EXPORT_LIST, '')
    .replace(/^export (?=async |const |function |class )/gm, '');
  if (/^\s*(?:import|export)\b/m.test(code)) throw new Error(`${name} has an import or export of another form.`);
  if (/<\/script|<!--/i.test(code)) throw new Error(`${name} cannot stand inside of a page.`);
  return `// ${name}\nconst ${varOf(name)} = (() => {\n${code.trimEnd()}\nreturn { ${exported.join(', ')} };\n})();\n`;
}

/** As a Content-Security-Policy names what stands inline. */
const policyHash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const escape = (text) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

const { TEXTS } = await import('./Page/texts.js');

function page(language, parts) {
  const words = {
    lang: language,
    dir: language === 'ur' ? 'rtl' : 'ltr',
    otherLang: language === 'ur' ? 'en' : 'ur',
  };
  return source('page.html').replace(/\{\{([\w.]+)\}\}/g, (whole, key) => {
    if (key in parts) return parts[key];
    if (key in words) return words[key];
    const [of, name] = key.includes('.') ? key.split('.') : [language, key];
    if (!(name in TEXTS[of])) throw new Error(`There is no text ${key}.`);
    return escape(TEXTS[of][name]);
  });
}

function single() {
  const script = `\n'use strict';\n${MODULES.map(wrap).join('')}`;
  const style = `\n${source('page.css')}`;
  const policy = "default-src 'none'; "
    + `script-src ${policyHash(script)}; style-src ${policyHash(style)}; base-uri 'none'; form-action 'none'`;
  return page('en', {
    policy: `<meta http-equiv="Content-Security-Policy" content="${policy}">\n`,
    style: `<style>${style}</style>`,
    script: `<script type="module">${script}</script>`,
    save: '',
  });
}

function served(language) {
  const save = escape(TEXTS[language].save);
  return page(language, {
    policy: '',
    style: '<link rel="stylesheet" href="/verify/page.css">',
    script: '<script type="module" src="/verify/page.js"></script>',
    save: `<p><a href="/verifier.html" download="verifier.html" data-t="save">${save}</a></p>\n`,
  });
}

const made = { 'verifier.html': single(), 'en.html': served('en'), 'ur.html': served('ur') };
const check = process.argv.includes('--check');
let stale = 0;
mkdirSync(join(folder, 'Built'), { recursive: true });
for (const [name, text] of Object.entries(made)) {
  const path = join(folder, 'Built', name);
  if (!check) writeFileSync(path, text);
  if (readFileSync(path, 'utf8') !== text) {
    console.error(`${path} is not what its sources make: run node build.mjs.`);
    stale = 1;
  }
  console.log(`${createHash('sha256').update(text).digest('hex')}  ${name}`);
}
process.exit(stale);
