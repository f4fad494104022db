// SPDX-License-Identifier: Apache-2.0
// Names of events, of their fields, and of the values of enumerations, by FORMAT.md's numbers.

const EN_EVENTS = {
  unitsIssued: 'Units were issued',
  unitsBurned: 'Units were cancelled',
  transferred: 'Units were transferred',
  accountRegistered: 'An account was entered in the register',
  accountFrozen: 'An account was frozen',
  accountUnfrozen: 'An account was unfrozen',
  tagRequirementSet: 'Whether an account takes units with a tag only was set',
  assetCreated: 'An asset was created',
  documentAttached: 'A document was attached to an asset',
  assetCapSet: "An asset's limit was changed",
  assetPaused: 'An asset was paused',
  assetResumed: 'An asset was resumed',
  officerGranted: 'An officer was appointed',
  officerRevoked: 'An officer was dismissed',
  proposalOpened: 'A proposal was opened',
  proposalApproved: 'A proposal was approved',
  proposalScheduled: 'A proposal was scheduled',
  proposalExecuted: 'A proposal was carried out',
  proposalCancelled: 'A proposal was withdrawn',
  proposalFailed: 'A proposal failed',
  bridgeSignersSet: 'New signers act for a bridge',
  bridgeTokenMapped: 'An asset was joined to a token abroad',
  bridgeLocked: 'Units were sent to another chain',
  bridgeMessageOpened: 'A message to another chain awaits signatures',
  bridgeLockClosed: 'A consignment to another chain ended',
  bridgeReleased: 'Units came back from another chain',
  bridgeSuspended: 'A return from another chain is held back',
  bridgeStopsSet: 'What is stopped on a bridge was changed',
  bridgeSupplyAgreed: 'The supply on another chain was confirmed',
};

const UR_EVENTS = {
  unitsIssued: 'یونٹ جاری ہوئے',
  unitsBurned: 'یونٹ منسوخ ہوئے',
  transferred: 'یونٹ منتقل ہوئے',
  accountRegistered: 'اکاؤنٹ رجسٹر میں درج ہوا',
  accountFrozen: 'اکاؤنٹ منجمد ہوا',
  accountUnfrozen: 'اکاؤنٹ بحال ہوا',
  tagRequirementSet: 'طے ہوا کہ اکاؤنٹ صرف ٹیگ کے ساتھ یونٹ لیتا ہے یا نہیں',
  assetCreated: 'اثاثہ قائم ہوا',
  documentAttached: 'اثاثے کے ساتھ دستاویز منسلک ہوئی',
  assetCapSet: 'اثاثے کی حد بدلی گئی',
  assetPaused: 'اثاثہ روکا گیا',
  assetResumed: 'اثاثہ بحال ہوا',
  officerGranted: 'افسر مقرر ہوا',
  officerRevoked: 'افسر ہٹایا گیا',
  proposalOpened: 'تجویز پیش ہوئی',
  proposalApproved: 'تجویز منظور ہوئی',
  proposalScheduled: 'تجویز پر عمل کا وقت مقرر ہوا',
  proposalExecuted: 'تجویز پر عمل ہو گیا',
  proposalCancelled: 'تجویز واپس لی گئی',
  proposalFailed: 'تجویز ناکام ہوئی',
  bridgeSignersSet: 'پُل کے نئے دستخط کنندگان مقرر ہوئے',
  bridgeTokenMapped: 'اثاثہ دوسری چین کے ٹوکن سے جوڑا گیا',
  bridgeLocked: 'یونٹ دوسری چین پر بھیجے گئے',
  bridgeMessageOpened: 'دوسری چین کے لیے پیغام دستخطوں کا منتظر ہے',
  bridgeLockClosed: 'دوسری چین کے لیے ترسیل مکمل ہوئی',
  bridgeReleased: 'یونٹ دوسری چین سے واپس آئے',
  bridgeSuspended: 'دوسری چین سے واپسی روک لی گئی',
  bridgeStopsSet: 'پُل پر روکی گئی کارروائیاں بدلی گئیں',
  bridgeSupplyAgreed: 'دوسری چین پر زیرِ گردش مقدار کی تصدیق ہوئی',
};

// Field: English, Urdu.
const FIELDS = {
  asset: ['Asset', 'اثاثہ'],
  to: ['To', 'وصول کنندہ'],
  from: ['From', 'بھیجنے والا'],
  amount: ['Amount', 'مقدار'],
  balanceAfter: ['Balance after it', 'اس کے بعد بیلنس'],
  supplyAfter: ['Supply after it', 'اس کے بعد زیرِ گردش'],
  fromAfter: ["Sender's balance after it", 'بھیجنے والے کا بعد کا بیلنس'],
  toAfter: ["Receiver's balance after it", 'وصول کنندہ کا بعد کا بیلنس'],
  account: ['Account', 'اکاؤنٹ'],
  kind: ['Kind', 'قسم'],
  institution: ['Institution', 'ادارہ'],
  registrar: ['Registrar', 'اندراج کنندہ'],
  mode: ['Extent', 'حد'],
  legalReference: ['Legal reference', 'قانونی حوالہ'],
  document: ["Document's SHA-256", 'دستاویز کا SHA-256'],
  class: ['Class', 'قسم'],
  cap: ['At most', 'زیادہ سے زیادہ'],
  issuer: ['Issuer', 'جاری کنندہ'],
  reason: ['Reason', 'وجہ'],
  officer: ['Officer', 'افسر'],
  duties: ['Duties', 'ذمہ داریاں'],
  proposal: ['Proposal', 'تجویز'],
  payload: ['Hash of what is proposed', 'تجویز کے متن کا ہیش'],
  executesAt: ['Will be carried out', 'عمل کا وقت'],
  code: ['Code of the reason', 'وجہ کا کوڈ'],
  chain: ['Chain', 'چین'],
  epoch: ['Set of signers', 'دستخط کنندگان کا مجموعہ'],
  signers: ['Signers', 'دستخط کنندگان'],
  token: ['Token abroad', 'دوسری چین کا ٹوکن'],
  number: ['Number', 'نمبر'],
  recipient: ['Receiver abroad', 'دوسری چین پر وصول کنندہ'],
  status: ['How it ended', 'انجام'],
  place: ['Block abroad', 'دوسری چین کا بلاک'],
  tag: ['Tag', 'ٹیگ'],
  sourceTag: ['Tag for a return', 'واپسی کا ٹیگ'],
  required: ['Tag required', 'ٹیگ لازمی'],
  by: ['Set by', 'طے کرنے والا'],
  stops: ['Stopped', 'روکا گیا'],
  supply: ['Supply there', 'وہاں زیرِ گردش'],
  burns: ['Returns counted', 'گنی گئی واپسیاں'],
};

// Enumeration: for each value English, Urdu.
const VALUES = {
  accountKind: {
    1: ["citizen's account", 'شہری کا اکاؤنٹ'],
    2: ["institution's account", 'ادارے کا اکاؤنٹ'],
    3: ["exchange's account", 'ایکسچینج کا اکاؤنٹ'],
    4: ['units locked for another chain', 'دوسری چین کے لیے محفوظ یونٹ'],
    5: ['signer of the bridge', 'پُل کا دستخط کنندہ'],
  },
  yesNo: {
    0: ['no', 'نہیں'],
    1: ['yes', 'ہاں'],
  },
  freeze: {
    0: ['not frozen', 'غیر منجمد'],
    1: ['it cannot send', 'بھیج نہیں سکتا'],
    2: ['it can neither send nor receive', 'نہ بھیج سکتا ہے نہ وصول کر سکتا ہے'],
  },
  class: {
    1: ['government bonds', 'سرکاری بانڈز'],
    2: ['sukuk', 'سکوک'],
    3: ['treasury bills', 'ٹریژری بلز'],
    4: ['state real estate', 'سرکاری جائیداد'],
    5: ['shares of state enterprises', 'سرکاری کمپنیوں کے حصص'],
    6: ['commodity reserves', 'اجناس کے ذخائر'],
    7: ['Bitcoin reserve', 'بٹ کوائن کا ذخیرہ'],
    8: ['shares of energy revenue', 'توانائی کی آمدنی میں حصے'],
    9: ['shares of mining revenue', 'کان کنی کی آمدنی میں حصے'],
    10: ['carbon certificates', 'کاربن سرٹیفکیٹ'],
    11: ['energy certificates', 'توانائی کے سرٹیفکیٹ'],
  },
  message: {
    1: ['units to go there', 'یونٹ وہاں بھیجنا'],
    2: ['a cancellation', 'منسوخی'],
    3: ['a change of signers', 'دستخط کنندگان کی تبدیلی'],
  },
  lock: {
    1: ['waiting', 'منتظر'],
    2: ['being signed', 'دستخط ہو رہے ہیں'],
    3: ['being cancelled', 'منسوخ ہو رہا ہے'],
    4: ['arrived there', 'وہاں پہنچ گیا'],
    5: ['given back', 'واپس کر دیا گیا'],
  },
};

// Sums of bits: for each bit English, Urdu; 0 is none of them.
const BITS = {
  duties: {
    0: ['none', 'کوئی نہیں'],
    1: ['proposes', 'تجویز پیش کرنا'],
    2: ['approves', 'منظوری دینا'],
    4: ['registers accounts', 'اکاؤنٹ درج کرنا'],
  },
  stops: {
    0: ['nothing', 'کچھ نہیں'],
    1: ['sending', 'بھیجنا'],
    2: ['returning', 'واپسی'],
    4: ['everything, as the two sides differ', 'سب کچھ، کیونکہ دونوں طرف فرق ہے'],
  },
};

function flat(prefix, table, pick) {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [prefix + key, pick(value)]));
}

function labels(events, index) {
  const all = { ...flat('event_', events, (value) => value), ...flat('field_', FIELDS, (pair) => pair[index]) };
  for (const [name, values] of Object.entries({ ...VALUES, ...BITS })) {
    Object.assign(all, flat(`${name}_`, values, (pair) => pair[index]));
  }
  return all;
}

export const LABELS = { en: labels(EN_EVENTS, 0), ur: labels(UR_EVENTS, 1) };

/** The text keys of a value of an enumeration or a sum of bits; null for another type. */
export function valueKeys(type, value) {
  if (Object.hasOwn(VALUES, type)) return [`${type}_${value}`];
  if (!Object.hasOwn(BITS, type)) return null;
  const bits = [1, 2, 4].filter((bit) => (value & bit) !== 0);
  return bits.length === 0 ? [`${type}_0`] : bits.map((bit) => `${type}_${bit}`);
}
