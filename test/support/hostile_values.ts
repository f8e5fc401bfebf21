/** Hostile values for every place where the API reads one. */

/** Half of a surrogate pair. It is not a character, and UTF-8 cannot encode it. */
const LONE_SURROGATE = '\ud800'

/** Unusual but harmless text. The API accepts it unchanged, or refuses it by the field's own rules. */
const worldly = [
  '🧵🪡',
  '👩‍👩‍👧‍👦',
  'مرحبا',
  '‮backwards',
  '\u200bzero\u200dwidth\ufeff',
  'Zoë Ḱ',
  '１２',
  '\t',
  ' ',
  '\u2028',
  'İi',
  '\u{10ffff}',
]

/** Text that has broken programs before. */
const nasty = [
  "'; drop table products; --",
  '" or 1=1 --',
  '$1',
  '$$',
  '%s%n',
  '%',
  '_',
  '\\',
  '#{7*7}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '../../etc/passwd',
  '-- ',
  '/*',
  '__proto__',
  'constructor',
  'null',
  'undefined',
  'NaN',
  'true',
  '-1',
  '0x10',
  '1e30',
  '1.5',
  '१',
  '1,000',
  'infinity',
  '2024-02-30T00:00:00Z',
  'http://',
  'javascript:alert(1)',
]

const unstorable = ['\0', 'a\0b', LONE_SURROGATE, `a${LONE_SURROGATE}b`, '\udc00\ud800']

/** Texts for a place in a JSON body. */
export const hostileTexts = ['', ...worldly, ...nasty, ...unstorable, 'x'.repeat(201), 'x'.repeat(25_000), '🧵'.repeat(5_001)]

/** JSON text for a place in a body. It is text because JSON.stringify cannot produce 1e400 or a number of 31 digits. */
export const hostileJson = [
  ...[
    'null',
    'true',
    '0',
    '-0',
    '-1',
    '1.5',
    '1e30',
    '-1e30',
    '1000000000000000000000000000000',
    '1e400',
    '9007199254740993',
    '2147483648',
  ],
  ...['{}', '[]', '[[]]', '[null]', '[{}]', '{"a":1}', '{"__proto__":{"a":1}}', '{"length":5}', '["a"]', '[1,2,3]'],
  `[${Array(500).fill('"x"').join()}]`,
  ...hostileTexts.map((text) => JSON.stringify(text)),
]

/** Names of fields that no body has, as JSON text. */
export const hostileKeys = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  ' ',
  'a/b~c',
  'id',
  'ID',
  'user_id',
  'x'.repeat(1000),
  '🧵',
  '\0',
  LONE_SURROGATE,
].map((key) => JSON.stringify(key))

/** Percent-encoded values of a path or a query. Some are not UTF-8. */
export const hostileUrlValues = [
  ...['%00', 'a%00b', '%ED%A0%80', '%FF', '%C3', '%', '%zz', '%u0041', '%2e%2e', '%0d%0aX-Injected:1', '+', '%20', '1%20'],
  ...[
    '0',
    '-0',
    '-1',
    '1.5',
    '1e3',
    '01',
    '1000000000000000000000000000000',
    '9007199254740992',
    '9007199254740993',
    '9223372036854775808',
    '2147483648',
  ],
  ...[...worldly, ...nasty].map(encodeURIComponent),
  'x'.repeat(3_000),
]

/** Returns whether PostgreSQL cannot store the text, or a text inside the value. */
export function isUnstorable(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed()
  if (value === null || typeof value !== 'object') return false
  return Object.entries(value).some(([key, member]) => isUnstorable(key) || isUnstorable(member))
}
