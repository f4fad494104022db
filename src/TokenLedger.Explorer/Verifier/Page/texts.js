// SPDX-License-Identifier: Apache-2.0
// Every word of the page, in English and in Urdu. {name} is replaced.
import { LABELS } from './words.js';

export const TEXTS = {
  en: {
    title: 'Check a proof yourself',
    intro: 'This page checks a proof from the ledger on your own device. It sends nothing to anybody and '
      + 'needs no network. It believes no server: only the signatures of the validators, and the genesis '
      + 'hash that you name.',
    otherLanguage: 'اردو',
    file: 'Proof file',
    fileHint: 'The .json file from the explorer or from "tl proof get". You can also drop it anywhere here.',
    paste: 'Or paste what is in the file',
    genesis: 'Genesis hash that you trust',
    genesisHint: '64 digits. Take it from where the state publishes it, in print or on another site, and not '
      + 'from whoever gave you the proof.',
    genesisBad: 'That is no genesis hash: it has 64 of the digits 0–9 and a–f.',
    check: 'Check',
    clear: 'Clear',
    result: 'Result',
    waiting: 'No proof has been checked yet.',
    working: 'Checking…',
    verified: 'VERIFIED. Every step holds.',
    unpinned: 'NOT COMPARED YET. Every step holds, but for the network with the genesis hash below. Compare it '
      + 'with the published one, enter it above and check again: until then a forger could have made up '
      + 'the whole network.',
    failed: 'NOT VERIFIED. It fails at step {number}: {step}.',
    newer: 'THIS PAGE IS TOO OLD. The signatures and the Merkle path hold: the block has exactly this '
      + 'event. But its kind is newer than this page, which cannot say what it means. Take a newer copy '
      + 'of this page.',
    doNotTrust: 'Do not rely on it. Fetch the proof again, from another explorer or another node.',
    noHash: 'This browser gives a page no SHA-256 over a plain connection. Open the page over https, or save '
      + 'it and open the saved file.',
    tooLarge: 'This file has more than 16 MB. No proof is that long.',
    unreadable: 'The file could not be read: {why}',
    fetchFailed: 'The explorer gave no proof: {why}',
    noScript: 'Checking needs JavaScript. Without it, use the command line: tl proof verify FILE --genesis HASH',
    steps: 'What was checked',
    shows: 'What it proves',
    holds: 'Holds',
    fails: 'FAILS',
    unread: 'Not readable here',
    notReached: 'Not reached',
    step_file: 'The file',
    step_network: 'The network',
    step_header: 'The block',
    step_certificate: 'The signatures',
    step_path: 'The entry',
    step_asset: 'The asset',
    step_event: 'The event',
    ok_file_balance: 'It is a proof of a balance, and each part is written in the one allowed way.',
    ok_file_supply: 'It is a proof of a supply, and each part is written in the one allowed way.',
    ok_file_event: 'It is a proof of an event, and each part is written in the one allowed way.',
    ok_network: 'The genesis document in the file has the hash that you trust. It names the network {network} '
      + 'and its {validators} validators.',
    ok_network_unpinned: 'The genesis document names the network {network} and its {validators} validators. '
      + 'You have not said which genesis hash you trust.',
    ok_header: 'The block at height {height} belongs to this network and these validators.',
    ok_header_later: 'The block at height {height} belongs to this network and these validators, and each '
      + 'block after it up to {later} names the one before.',
    ok_certificate: '{signers} of {validators} validators signed that this block is final; {quorum} are '
      + 'needed. They are: {names}.',
    ok_path: 'The Merkle path leads from exactly this entry to the state that the block commits to.',
    ok_asset: 'The same state has the asset {symbol} with {decimals} decimals.',
    ok_event: 'The Merkle path leads from exactly this event, number {index} counted from 0, to the {count} '
      + 'events that the block commits to.',
    bad_notJson: 'The file is not JSON as proofs are written.',
    bad_tooLong: 'The file is longer than any proof.',
    bad_wrongFormat: 'The file does not say that it is {expected}. It may come from an older or newer ledger.',
    bad_wrongKind: 'The file is of no kind that this page knows: balance, supply or event.',
    bad_missingKey: 'The part "{key}" is missing.',
    bad_unknownKey: 'The part "{key}" does not belong there.',
    bad_keyTwice: 'A part stands there twice.',
    bad_badValue: 'The part "{key}" is not written in the allowed way.',
    bad_malformed: 'The bytes of this part are not in the ledger\'s form. {why}',
    bad_other: 'The proof is of another network. Its genesis hash is {found}; you trust {expected}.',
    bad_foreign: 'The block is not of this network and its validators.',
    bad_chain: 'The blocks do not lead from this one to the one that was signed.',
    bad_otherBlock: 'The signatures are for something else than this block.',
    bad_signatures: 'There are no {quorum} right signatures of the {validators} validators.',
    bad_account: 'The account is not 20 bytes.',
    bad_none: 'The Merkle path does not lead from this to what the block commits to: it was changed, or it '
      + 'never stood there.',
    bad_range: 'The event\'s number, the number of events or the path is out of range.',
    bad_newKind: 'The event is of kind {kind}, which this page does not know.',
    why_short: 'They end too early.',
    why_left: '{left} bytes are left over.',
    why_range: '{found} stands where {low} to {high} is allowed.',
    why_symbol: 'An asset\'s symbol is malformed.',
    why_long: 'A text has {found} bytes; {most} are allowed.',
    why_utf8: 'A text is not UTF-8.',
    why_many: 'A list has {found} items; {most} are allowed.',
    why_version: 'Version {version} is not known here.',
    why_signers: 'The signers are out of range.',
    why_noValidator: 'There is no validator.',
    why_noTag: 'A transfer without tags is of another kind.',
    fact_network: 'Network',
    fact_genesis: 'Genesis hash',
    fact_account: 'Account',
    fact_asset: 'Asset',
    fact_balance: 'Balance',
    fact_supply: 'Supply outstanding',
    fact_event: 'Event',
    fact_place: 'Its place',
    fact_height: 'Block height',
    fact_time: 'Time of the block',
    fact_signers: 'Signed by',
    fact_cause: 'Caused by',
    place: 'number {index} of 0 to {last}',
    signersOf: '{signers} of {validators} validators',
    transaction: 'transaction {number} of the block, counted from 0',
    ownWork: 'the block\'s own work',
    atomic: '{amount} atomic units',
    units: '{amount} (with {decimals} decimals)',
    utc: '{time} UTC',
    trustTitle: 'What you trust here',
    trustHash: 'The genesis hash. It names the network and its validators; whoever could make you take a false '
      + 'one could show you a false network.',
    trustPage: 'This page itself. Save it, and compare the file\'s SHA-256 with the one that the project '
      + 'publishes: sha256sum verifier.html',
    trustQuorum: 'That fewer than a third of the validators lie.',
    save: 'Save this page as one file, to be used without a network',
    ...LABELS.en,
  },
  ur: {
    title: 'ثبوت خود جانچیے',
    intro: 'یہ صفحہ لیجر کا ثبوت آپ ہی کے آلے پر جانچتا ہے۔ یہ کسی کو کچھ نہیں بھیجتا اور اسے نیٹ ورک کی ضرورت '
      + 'نہیں۔ یہ کسی سرور پر یقین نہیں کرتا: صرف توثیق کنندگان کے دستخطوں پر، اور اُس ابتدائی ہیش پر جو آپ بتائیں۔',
    otherLanguage: 'English',
    file: 'ثبوت کی فائل',
    fileHint: 'ایکسپلورر یا \u2066"tl proof get"\u2069 سے ملی ہوئی \u2066.json\u2069 فائل۔ اسے اس صفحے پر کہیں بھی چھوڑ سکتے ہیں۔',
    paste: 'یا فائل کا متن یہاں چسپاں کیجیے',
    genesis: 'وہ ابتدائی ہیش جس پر آپ کو بھروسا ہے',
    genesisHint: '64 ہندسے۔ اسے وہاں سے لیجیے جہاں ریاست اسے شائع کرتی ہے، مطبوعہ یا کسی دوسری سائٹ پر؛ اُس '
      + 'سے نہ لیجیے جس نے آپ کو ثبوت دیا۔',
    genesisBad: 'یہ ابتدائی ہیش نہیں: اس میں 0 تا 9 اور a تا f کے 64 ہندسے ہوتے ہیں۔',
    check: 'جانچیے',
    clear: 'صاف کیجیے',
    result: 'نتیجہ',
    waiting: 'ابھی کوئی ثبوت نہیں جانچا گیا۔',
    working: 'جانچ ہو رہی ہے…',
    verified: 'تصدیق ہو گئی۔ ہر مرحلہ درست ہے۔',
    unpinned: 'ابھی موازنہ نہیں ہوا۔ ہر مرحلہ درست ہے، مگر اُس نیٹ ورک کے لیے جس کا ابتدائی ہیش نیچے ہے۔ اسے '
      + 'شائع شدہ ہیش سے ملائیے، اوپر درج کیجیے اور دوبارہ جانچیے: تب تک ممکن ہے کہ کسی جعل ساز نے پورا نیٹ ورک گھڑ لیا ہو۔',
    failed: 'تصدیق نہیں ہوئی۔ مرحلہ {number} درست نہیں: {step}۔',
    newer: 'یہ صفحہ پرانا ہے۔ دستخط اور مرکل راستہ درست ہیں: بلاک میں عین یہی واقعہ ہے۔ مگر اس کی قسم اس صفحے سے '
      + 'نئی ہے، اور یہ نہیں بتا سکتا کہ اس کا مطلب کیا ہے۔ اس صفحے کی نئی نقل لیجیے۔',
    doNotTrust: 'اس پر بھروسا نہ کیجیے۔ ثبوت کسی دوسرے ایکسپلورر یا دوسرے نوڈ سے دوبارہ لیجیے۔',
    noHash: 'یہ براؤزر غیر محفوظ کنکشن پر صفحے کو SHA-256 نہیں دیتا۔ صفحہ https سے کھولیے، یا اسے محفوظ کر کے '
      + 'محفوظ کی ہوئی فائل کھولیے۔',
    tooLarge: 'یہ فائل 16 میگا بائٹ سے بڑی ہے۔ کوئی ثبوت اتنا لمبا نہیں ہوتا۔',
    unreadable: 'فائل پڑھی نہیں جا سکی: {why}',
    fetchFailed: 'ایکسپلورر نے ثبوت نہیں دیا: {why}',
    noScript: 'جانچ کے لیے JavaScript درکار ہے۔ اس کے بغیر کمانڈ لائن استعمال کیجیے: \u2066tl proof verify FILE '
      + '--genesis HASH\u2069',
    steps: 'کیا جانچا گیا',
    shows: 'کیا ثابت ہوتا ہے',
    holds: 'درست',
    fails: 'غلط',
    unread: 'یہاں پڑھا نہیں جا سکتا',
    notReached: 'یہاں تک نہیں پہنچے',
    step_file: 'فائل',
    step_network: 'نیٹ ورک',
    step_header: 'بلاک',
    step_certificate: 'دستخط',
    step_path: 'اندراج',
    step_asset: 'اثاثہ',
    step_event: 'واقعہ',
    ok_file_balance: 'یہ ایک بیلنس کا ثبوت ہے، اور ہر حصہ اُسی ایک طریقے سے لکھا ہے جس کی اجازت ہے۔',
    ok_file_supply: 'یہ زیرِ گردش مقدار کا ثبوت ہے، اور ہر حصہ اُسی ایک طریقے سے لکھا ہے جس کی اجازت ہے۔',
    ok_file_event: 'یہ ایک واقعے کا ثبوت ہے، اور ہر حصہ اُسی ایک طریقے سے لکھا ہے جس کی اجازت ہے۔',
    ok_network: 'فائل میں موجود ابتدائی دستاویز کا ہیش وہی ہے جس پر آپ کو بھروسا ہے۔ یہ نیٹ ورک {network} اور اس '
      + 'کے {validators} توثیق کنندگان کے نام بتاتی ہے۔',
    ok_network_unpinned: 'ابتدائی دستاویز نیٹ ورک {network} اور اس کے {validators} توثیق کنندگان کے نام بتاتی ہے۔ آپ '
      + 'نے نہیں بتایا کہ آپ کو کس ابتدائی ہیش پر بھروسا ہے۔',
    ok_header: 'بلاک نمبر {height} اسی نیٹ ورک اور انہی توثیق کنندگان کا ہے۔',
    ok_header_later: 'بلاک نمبر {height} اسی نیٹ ورک اور انہی توثیق کنندگان کا ہے، اور اس کے بعد {later} تک ہر '
      + 'بلاک اپنے سے پہلے والے کا نام لیتا ہے۔',
    ok_certificate: '{validators} میں سے {signers} توثیق کنندگان نے دستخط کیے کہ یہ بلاک حتمی ہے؛ {quorum} درکار '
      + 'ہیں۔ وہ یہ ہیں: {names}۔',
    ok_path: 'مرکل راستہ عین اسی اندراج سے اُس حالت تک جاتا ہے جس کا بلاک پابند ہے۔',
    ok_asset: 'اسی حالت میں اثاثہ {symbol} کے {decimals} اعشاری ہندسے ہیں۔',
    ok_event: 'مرکل راستہ عین اسی واقعے (نمبر {index}، گنتی 0 سے) سے اُن {count} واقعات تک جاتا ہے جن کا بلاک پابند '
      + 'ہے۔',
    bad_notJson: 'یہ فائل اُس JSON میں نہیں جس میں ثبوت لکھے جاتے ہیں۔',
    bad_tooLong: 'یہ فائل ہر ثبوت سے لمبی ہے۔',
    bad_wrongFormat: 'فائل یہ نہیں کہتی کہ وہ {expected} ہے۔ شاید یہ کسی پرانے یا نئے لیجر کی ہے۔',
    bad_wrongKind: 'فائل کسی ایسی قسم کی نہیں جسے یہ صفحہ جانتا ہو: بیلنس، زیرِ گردش مقدار یا واقعہ۔',
    bad_missingKey: 'حصہ "{key}" موجود نہیں۔',
    bad_unknownKey: 'حصہ "{key}" یہاں نہیں ہونا چاہیے۔',
    bad_keyTwice: 'ایک حصہ دو بار لکھا ہے۔',
    bad_badValue: 'حصہ "{key}" اُس طریقے سے نہیں لکھا جس کی اجازت ہے۔',
    bad_malformed: 'اس حصے کے بائٹ لیجر کی شکل میں نہیں۔ {why}',
    bad_other: 'یہ ثبوت کسی دوسرے نیٹ ورک کا ہے۔ اس کا ابتدائی ہیش {found} ہے؛ آپ کو {expected} پر بھروسا ہے۔',
    bad_foreign: 'یہ بلاک اس نیٹ ورک اور اس کے توثیق کنندگان کا نہیں۔',
    bad_chain: 'بلاک اس بلاک سے اُس بلاک تک نہیں جاتے جس پر دستخط ہوئے۔',
    bad_otherBlock: 'دستخط اس بلاک کے نہیں، کسی اور چیز کے ہیں۔',
    bad_signatures: '{validators} توثیق کنندگان میں سے {quorum} کے درست دستخط موجود نہیں۔',
    bad_account: 'اکاؤنٹ 20 بائٹ کا نہیں۔',
    bad_none: 'مرکل راستہ یہاں سے اُس تک نہیں جاتا جس کا بلاک پابند ہے: یا تو اسے بدلا گیا، یا یہ وہاں کبھی تھا ہی '
      + 'نہیں۔',
    bad_range: 'واقعے کا نمبر، واقعات کی تعداد یا راستہ حد سے باہر ہے۔',
    bad_newKind: 'واقعہ قسم {kind} کا ہے، جسے یہ صفحہ نہیں جانتا۔',
    why_short: 'وہ وقت سے پہلے ختم ہو جاتے ہیں۔',
    why_left: '{left} بائٹ زائد ہیں۔',
    why_range: 'جہاں {low} تا {high} کی اجازت ہے وہاں {found} لکھا ہے۔',
    why_symbol: 'اثاثے کا نشان درست نہیں۔',
    why_long: 'ایک متن {found} بائٹ کا ہے؛ اجازت {most} کی ہے۔',
    why_utf8: 'ایک متن UTF-8 میں نہیں۔',
    why_many: 'ایک فہرست میں {found} چیزیں ہیں؛ اجازت {most} کی ہے۔',
    why_version: 'ورژن {version} یہاں معلوم نہیں۔',
    why_signers: 'دستخط کرنے والے حد سے باہر ہیں۔',
    why_noValidator: 'کوئی توثیق کنندہ نہیں۔',
    why_noTag: 'ٹیگ کے بغیر منتقلی دوسری قسم کی ہوتی ہے۔',
    fact_network: 'نیٹ ورک',
    fact_genesis: 'ابتدائی ہیش',
    fact_account: 'اکاؤنٹ',
    fact_asset: 'اثاثہ',
    fact_balance: 'بیلنس',
    fact_supply: 'زیرِ گردش',
    fact_event: 'واقعہ',
    fact_place: 'اس کی جگہ',
    fact_height: 'بلاک نمبر',
    fact_time: 'بلاک کا وقت',
    fact_signers: 'دستخط',
    fact_cause: 'سبب',
    place: 'نمبر {index}، 0 سے {last} تک',
    signersOf: '{validators} میں سے {signers} توثیق کنندگان',
    transaction: 'بلاک کا لین دین نمبر {number}، گنتی 0 سے',
    ownWork: 'بلاک کا اپنا کام',
    atomic: '{amount} بنیادی اکائیاں',
    units: '{amount} ({decimals} اعشاری ہندسوں کے ساتھ)',
    utc: '{time} UTC',
    trustTitle: 'یہاں آپ کس پر بھروسا کرتے ہیں',
    trustHash: 'ابتدائی ہیش پر۔ یہ نیٹ ورک اور اس کے توثیق کنندگان کی پہچان ہے؛ جو آپ کو غلط ہیش منوا لے وہ آپ کو جعلی '
      + 'نیٹ ورک دکھا سکتا ہے۔',
    trustPage: 'خود اس صفحے پر۔ اسے محفوظ کیجیے، اور فائل کا SHA-256 اُس سے ملائیے جو منصوبہ شائع کرتا ہے: '
      + '\u2066sha256sum verifier.html\u2069',
    trustQuorum: 'اس پر کہ توثیق کنندگان کی ایک تہائی سے کم تعداد جھوٹ بولتی ہے۔',
    save: 'اس صفحے کو ایک فائل کے طور پر محفوظ کیجیے، تاکہ نیٹ ورک کے بغیر چلے',
    ...LABELS.ur,
  },
};

/** A text with its places filled. What is not there is a mistake of this page's author. */
export function text(language, key, args = {}) {
  const pattern = TEXTS[language][key];
  if (pattern === undefined) throw new Error(`There is no text ${key} in ${language}.`);
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => (name in args ? String(args[name]) : whole));
}

/** Why a step failed, in words. */
export function reason(language, { code, args }, wrap = (words) => words) {
  const filled = wrap(args);
  return text(language, `bad_${code}`, code === 'malformed'
    ? { ...filled, why: text(language, `why_${args.why}`, filled) }
    : filled);
}
