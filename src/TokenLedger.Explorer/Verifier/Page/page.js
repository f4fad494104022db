// SPDX-License-Identifier: Apache-2.0
// The page: takes a proof from a file, from pasted text or from the explorer, and shows each step.
import { canHash } from './hashes.js';
import { MAX_BYTES } from './bundle.js';
import { amount, facts } from './show.js';
import { reason, text } from './texts.js';
import { Failure, STEPS, verify } from './verify.js';

const SOURCE = /^\/api\/proof\/[A-Za-z0-9/-]+$/;
const at = (id) => document.getElementById(id);
let language = document.documentElement.lang === 'ur' ? 'ur' : 'en';
// What is shown, so that it can be said in the other language too.
let outcome = { state: 'waiting' };
let run = 0;

const say = (key, args) => text(language, key, args);

/** What others wrote, so that it cannot turn the sentence around it. */
function foreign(words) {
  return `\u2068${words.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')}\u2069`;
}

function foreignArgs(args) {
  return Object.fromEntries(Object.entries(args).map(
    ([key, value]) => [key, typeof value === 'string' ? foreign(value) : value]));
}

function element(name, content, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = content;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function showWords() {
  document.documentElement.lang = language;
  document.documentElement.dir = language === 'ur' ? 'rtl' : 'ltr';
  document.title = say('title');
  for (const one of document.querySelectorAll('[data-t]')) one.textContent = say(one.dataset.t);
  at('language').lang = language === 'ur' ? 'en' : 'ur';
}

function stepText(step, args) {
  switch (step) {
    case 'file': return say(`ok_file_${args.kind}`);
    case 'network': return say(args.pinned ? 'ok_network' : 'ok_network_unpinned', {
      network: foreign(args.network), validators: args.validators.length,
    });
    case 'header': return say(args.later > args.height ? 'ok_header_later' : 'ok_header', {
      height: amount(args.height, 0, language), later: amount(args.later, 0, language),
    });
    case 'certificate': return say('ok_certificate', {
      signers: args.signers.length,
      validators: args.of.length,
      quorum: args.quorum,
      names: args.signers.map((index) => foreign(args.of[index])).join(language === 'ur' ? '، ' : ', '),
    });
    default: return say(`ok_${step}`, args);
  }
}

function showSteps({ kind, passed, failure }) {
  const state = failure?.code === 'newKind' ? 'unread' : 'fails';
  const steps = STEPS[kind ?? 'balance'];
  at('steps').replaceChildren(...steps.map((step) => {
    const args = passed.get(step);
    const failed = failure?.step === step;
    const item = element('li', '', { 'data-state': args ? 'holds' : failed ? state : 'none' });
    item.append(
      element('strong', say(`step_${step}`)),
      element('span', say(args ? 'holds' : failed ? state : 'notReached'), { class: 'mark' }));
    const why = failed ? reason(language, failure, foreignArgs) : '';
    const sentence = args ? stepText(step, args) : why;
    if (sentence !== '') item.append(element('p', sentence));
    return item;
  }));
}

function showFacts(shown) {
  at('facts').replaceChildren(...facts(shown, language).flatMap((line) => [
    ...(line.label === '' ? [] : [element('dt', line.label)]),
    (() => {
      const value = element('dd', '');
      value.append(line.code ? element('code', line.value, { dir: 'ltr' }) : element('bdi', line.value));
      return value;
    })(),
  ]));
}

function show() {
  const { state } = outcome;
  const headline = at('headline');
  headline.dataset.state = state;
  at('stepsPart').hidden = outcome.passed === undefined;
  at('factsPart').hidden = outcome.shown === undefined;
  at('advice').hidden = state !== 'failed';
  if (outcome.passed !== undefined) showSteps(outcome);
  if (outcome.shown !== undefined) showFacts(outcome.shown);
  if (state === 'failed') {
    const number = STEPS[outcome.kind ?? 'balance'].indexOf(outcome.failure.step) + 1;
    headline.textContent = say('failed', { number, step: say(`step_${outcome.failure.step}`) });
  } else if (state === 'trouble') {
    headline.textContent = say(outcome.key, foreignArgs(outcome.args ?? {}));
  } else {
    headline.textContent = say(state);
  }
}

function set(next) {
  outcome = next;
  show();
}

/** The hash that the reader trusts; null for none, undefined for something that is no hash. */
function trusted() {
  const given = at('genesis').value.trim().toLowerCase().replace(/^0x/, '');
  const good = given === '' || /^[0-9a-f]{64}$/.test(given);
  at('genesis').setAttribute('aria-invalid', String(!good));
  at('genesisBad').hidden = good;
  return good ? given || null : undefined;
}

async function check() {
  const proof = at('proof').value;
  const hash = trusted();
  if (hash === undefined) {
    at('genesis').focus();
    return;
  }
  if (!canHash()) {
    set({ state: 'trouble', key: 'noHash' });
    return;
  }
  const mine = ++run;
  set({ state: 'working' });
  const passed = new Map();
  let kind;
  try {
    const shown = await verify(proof, hash, (step, args) => {
      passed.set(step, args);
      kind ??= args.kind;
    });
    if (mine === run) set({ state: shown.pinned ? 'verified' : 'unpinned', kind, passed, shown });
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    const state = failure.code === 'newKind' ? 'newer' : 'failed';
    if (mine === run) set({ state, kind, passed, failure });
  }
}

async function take(file) {
  if (file.size > MAX_BYTES) {
    set({ state: 'trouble', key: 'tooLarge' });
    return;
  }
  try {
    at('proof').value = await file.text();
  } catch (e) {
    set({ state: 'trouble', key: 'unreadable', args: { why: e.message } });
    return;
  }
  await check();
}

/** Only of a page that an explorer serves: ?bundle=/api/proof/… asks the same explorer. */
async function takeFromExplorer(path) {
  const response = await fetch(path, { headers: { accept: 'application/json' } });
  const body = await response.text();
  if (!response.ok) {
    let why = `${response.status}`;
    try {
      why = JSON.parse(body).sentence ?? why;
    } catch {
      // What is in front of the explorer may answer in another form: the number is what is known.
    }
    set({ state: 'trouble', key: 'fetchFailed', args: { why } });
    return;
  }
  at('proof').value = body;
  await check();
}

function begin() {
  showWords();
  show();
  at('form').addEventListener('submit', (e) => {
    e.preventDefault();
    check();
  });
  at('form').addEventListener('reset', () => {
    run++;
    at('genesisBad').hidden = true;
    at('genesis').removeAttribute('aria-invalid');
    set({ state: 'waiting' });
  });
  at('file').addEventListener('change', () => {
    if (at('file').files.length > 0) take(at('file').files[0]);
  });
  at('language').addEventListener('click', () => {
    language = language === 'ur' ? 'en' : 'ur';
    showWords();
    show();
  });
  document.addEventListener('dragover', (e) => e.preventDefault());
  document.addEventListener('drop', (e) => {
    e.preventDefault();
    if (e.dataTransfer.files.length > 0) take(e.dataTransfer.files[0]);
  });
  const bundle = new URLSearchParams(location.search).get('bundle');
  if (location.protocol.startsWith('http') && bundle !== null && SOURCE.test(bundle)) {
    takeFromExplorer(bundle).catch(
      (e) => set({ state: 'trouble', key: 'fetchFailed', args: { why: e.message } }));
  }
}

begin();
