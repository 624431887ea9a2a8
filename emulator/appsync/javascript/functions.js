// The functions of util that only compute. Evaluates to (seed, refuse) => functions: `seed` returns the four numbers
// that the invocation's random values come from, `refuse` ends the invocation because something isn't supported.
(seed, refuse) => {
  'use strict';

  // Taken before a resolver's globals are cut down.
  const { Date, RegExp, TypeError, decodeURIComponent, encodeURIComponent, escape, parseInt, unescape } = globalThis;
  const { isNaN } = Number;

  // A generator seeded for each invocation (sfc32): Math.random's seed is the clock, which two engines can share.
  const random32 = () => {
    const s = seed();
    const t = (((s[0] + s[1]) | 0) + s[3]) | 0;
    s[3] = (s[3] + 1) | 0;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = (s[2] + (s[2] << 3)) | 0;
    s[2] = (s[2] << 21) | (s[2] >>> 11);
    s[2] = (s[2] + t) | 0;
    return t >>> 0;
  };
  const randomDouble = () => random32() / 4294967296;
  const hex = (number, digits) => number.toString(16).padStart(digits, '0');

  const autoId = () => {
    const digits = hex(random32(), 8) + hex(random32(), 8) + hex(random32(), 8) + hex(random32(), 8);
    const variant = '89ab'[parseInt(digits[16], 16) & 3];
    const parts = [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(13, 16)}`];
    return [...parts, variant + digits.slice(17, 20), digits.slice(20)].join('-');
  };

  const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const autoUlid = () => {
    let time = '';
    for (let left = Date.now(), i = 0; i < 10; i += 1, left = Math.floor(left / 32)) time = CROCKFORD[left % 32] + time;
    let tail = '';
    for (let i = 0; i < 16; i += 1) tail += CROCKFORD[random32() >>> 27];
    return time + tail;
  };

  // util.matches takes a Java pattern. What JavaScript reads differently without complaining is refused.
  const JAVA_ONLY = /\\[AzZQEGhHRXpP]|\(\?[a-zA-Z]+[:)]|[*+?}]\+|&&|\(\?>/;
  const matches = (pattern, value) => {
    const difference = JAVA_ONLY.exec(pattern);
    if (difference) refuse(`${difference[0]} in util.matches`);
    return new RegExp(pattern).test(value);
  };

  const toDynamoDB = (value) => {
    if (value === null || value === undefined) return { NULL: null };
    if (typeof value === 'string') return { S: value };
    if (typeof value === 'number') return { N: value };
    if (typeof value === 'boolean') return { BOOL: value };
    return Array.isArray(value) ? { L: value.map(toDynamoDB) } : { M: toMapValues(value) };
  };
  const toMapValues = (value) => {
    const map = {};
    for (const name of Object.keys(value)) map[name] = toDynamoDB(value[name]);
    return map;
  };
  const typed = (type) => (value) => (value === null || value === undefined ? null : { [type]: value });
  const orNull = (convert) => (value) => (value === null || value === undefined ? null : convert(value));

  const bytes = (text) => unescape(encodeURIComponent(text));
  const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const base64Encode = (text) => {
    const raw = bytes(text);
    let out = '';
    for (let i = 0; i < raw.length; i += 3) {
      const group = (raw.charCodeAt(i) << 16) | ((raw.charCodeAt(i + 1) || 0) << 8) | (raw.charCodeAt(i + 2) || 0);
      for (let j = 0; j < 4; j += 1) out += i + j > raw.length ? '=' : BASE64[(group >> (18 - 6 * j)) & 63];
    }
    return out;
  };
  const base64Decode = (text) => {
    let bits = 0;
    let count = 0;
    let raw = '';
    for (const character of text.replace(/=+$/, '')) {
      const value = BASE64.indexOf(character);
      if (value < 0) throw new TypeError(`not base64: ${text}`);
      bits = ((bits << 6) | value) & 0xffffff;
      count += 6;
      if (count >= 8) raw += String.fromCharCode((bits >> (count -= 8)) & 255);
    }
    return decodeURIComponent(escape(raw));
  };

  const percent = (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  const urlEncode = (text) =>
    encodeURIComponent(text)
      .replace(/[!'()~]/g, percent)
      .replace(/%20/g, '+');
  const urlDecode = (text) => decodeURIComponent(text.replace(/\+/g, ' '));
  const ESCAPES = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r' };
  const escaped = (character) =>
    ESCAPES[character] ||
    ('\\/\'"'.includes(character) ? `\\${character}` : `\\u${hex(character.charCodeAt(0), 4).toUpperCase()}`);
  const escapeJavaScript = (text) => text.replace(/[\\/'"\u0000-\u001f\u007f-\uffff]/g, escaped);

  const time = {
    nowISO8601: () => new Date().toISOString(),
    nowEpochSeconds: () => Math.floor(Date.now() / 1000),
    nowEpochMilliSeconds: () => Date.now(),
    parseISO8601ToEpochMilliSeconds(text) {
      const milliseconds = Date.parse(text);
      if (isNaN(milliseconds)) throw new TypeError(`not an ISO 8601 time: ${text}`);
      return milliseconds;
    },
    epochMilliSecondsToSeconds: (milliseconds) => Math.floor(milliseconds / 1000),
    epochMilliSecondsToISO8601: (milliseconds) => new Date(milliseconds).toISOString(),
  };
  const dynamodb = {
    toDynamoDB,
    toMapValues: orNull(toMapValues),
    toMap: orNull((value) => ({ M: toMapValues(value) })),
    toList: orNull((value) => ({ L: value.map(toDynamoDB) })),
    toString: typed('S'),
    toStringSet: typed('SS'),
    toNumber: typed('N'),
    toNumberSet: typed('NS'),
    toBinary: typed('B'),
    toBinarySet: typed('BS'),
    toBoolean: typed('BOOL'),
    toNull: () => ({ NULL: null }),
  };
  const math = {
    roundNum: (number) => Math.round(number),
    minVal: (a, b) => Math.min(a, b),
    maxVal: (a, b) => Math.max(a, b),
    randomDouble,
    randomWithinRange: (start, end) => Math.floor(randomDouble() * (end - start)) + start,
  };

  const text = { matches, base64Encode, base64Decode, urlEncode, urlDecode, escapeJavaScript };
  return { autoId, autoUlid, text, time, dynamodb, math };
};
