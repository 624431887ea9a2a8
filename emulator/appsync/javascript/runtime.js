// The surroundings of a resolver: util, runtime, extensions and console as AppSync's APPSYNC_JS 1.0.0 has them.
// Evaluates to makeFunctions => invoke. A member that AppSync has and this doesn't is refused by its name.
(makeFunctions) => {
  'use strict';

  const { Proxy, Set, parseInt } = globalThis; // a resolver doesn't see them
  const { parse, stringify } = JSON;
  let call; // what belongs to the invocation under way
  const HERE = 'the local AppSync';

  const interrupt = (signal) => {
    call.signal = signal;
    throw signal;
  };
  const refuse = (message) => interrupt({ kind: 'refused', message });

  const surface = (path, members, missing) => {
    const known = new Set(missing);
    return new Proxy(Object.freeze(members), {
      get(target, name) {
        if (typeof name === 'symbol' || Object.prototype.hasOwnProperty.call(target, name)) return target[name];
        return refuse(known.has(name) ? `${HERE} doesn't support ${path}.${name}` : `AppSync has no ${path}.${name}`);
      },
    });
  };

  const functions = makeFunctions(
    () => call.seed,
    (what) => refuse(`${HERE} doesn't support ${what}`),
  );
  const given = (value) => value !== undefined && value !== null;
  // AppSync was seen to go on after util.error with another message or type (aws-appsync-community 384).
  const failure = (message, type, data, info) => {
    if (typeof message !== 'string') refuse(`${HERE} takes a text as an error's message, got ${typeof message}`);
    if (given(type) && typeof type !== 'string') refuse(`${HERE} takes a text as an error's type, got ${typeof type}`);
    return {
      message,
      errorType: given(type) ? type : null,
      data: data === undefined ? null : data,
      errorInfo: info === undefined ? null : info,
    };
  };
  const unauthorized = () => {
    const { fieldName, parentTypeName } = call.context.info || {};
    const message = `Not Authorized to access ${fieldName} on type ${parentTypeName}`;
    return interrupt({ kind: 'error', ...failure(message, 'Unauthorized') });
  };

  const FORMATTED = ['nowFormatted', 'parseFormattedToEpochMilliSeconds', 'epochMilliSecondsToFormatted'];
  const TRANSFORM = [
    'toDynamoDBFilterExpression',
    'toDynamoDBConditionExpression',
    'toElasticsearchQueryDSL',
    'toSubscriptionFilter',
  ];
  const util = surface(
    'util',
    {
      error: (message, type, data, info) => interrupt({ kind: 'error', ...failure(message, type, data, info) }),
      appendError: (message, type, data, info) => void call.appended.push(failure(message, type, data, info)),
      unauthorized,
      autoId: functions.autoId,
      autoUlid: functions.autoUlid,
      authType: () => call.authType,
      ...functions.text,
      time: surface('util.time', functions.time, FORMATTED),
      dynamodb: surface('util.dynamodb', functions.dynamodb, ['toS3Object', 'fromS3ObjectJson']),
      math: surface('util.math', functions.math, []),
      str: surface('util.str', { normalize: (text, form) => text.normalize(form.toUpperCase()) }, []),
      transform: surface('util.transform', {}, TRANSFORM),
      http: surface('util.http', {}, ['copyHeaders', 'addResponseHeader', 'addResponseHeaders']),
      rds: surface('util.rds', {}, ['toJsonObject', 'toJsonString']),
      xml: surface('util.xml', {}, ['toMap', 'toJsonString']),
    },
    ['autoKsuid'],
  );
  const runtime = surface(
    'runtime',
    {
      earlyReturn: (value, options) =>
        interrupt({ kind: 'return', value, skipTo: (options && options.skipTo) || null }),
    },
    [],
  );
  const setSubscriptionFilter = (filter) => {
    if (call.name !== 'response') refuse(`${HERE} takes a subscription's filter from a response handler only`);
    call.filter = filter;
  };
  const extensions = surface('extensions', { setSubscriptionFilter }, [
    'evictFromApiCache',
    'setSubscriptionInvalidationFilter',
    'invalidateSubscriptions',
  ]);
  const written = (value) => (typeof value === 'string' ? value : stringify(value));
  const log = (...values) => void call.logs.push(values.map(written).join(' '));
  const console = surface('console', { log, error: log, debug: log }, []);

  const failed = (error) => {
    if (error === call.signal) return error;
    return { kind: 'failed', message: String(error), stack: (error && error.stack) || '' };
  };

  // The module's own level runs for each invocation, so that nothing is remembered from one to the next.
  const invoke = (module, name, context, authType, seed) => {
    call = { name, context: parse(context), authType, appended: [], logs: [], signal: null };
    call.seed = [0, 8, 16, 24].map((from) => parseInt(seed.slice(from, from + 8), 16) | 0);
    call.context.arguments = call.context.args;
    let outcome;
    try {
      const handler = module(util, runtime, extensions, console)[name];
      outcome = handler ? { kind: 'value', value: handler(call.context) } : { kind: 'missing' };
    } catch (error) {
      outcome = failed(error);
    }
    const { value, ...report } = outcome;
    const { appended, logs, filter } = call;
    const told = [{ ...report, appended, logs, filter }, value, call.context.stash];
    return told.map((part) => stringify(part)).join('\n'); // JSON has no line breaks here; undefined is an empty line
  };

  // What AppSync doesn't document (guide, "Supported runtime features") goes; what it has can't be changed by one call
  // for the next.
  const own = { JSON, Math, Object, Array, String, Number };
  const others = [Function, globalThis.Boolean, globalThis.RegExp];
  const KEPT = [...Object.keys(own), 'NaN', 'Infinity', 'undefined'];
  const MATH = ['random', 'min', 'max', 'round', 'floor', 'ceil'];
  if (!Object.hasOwn) Object.hasOwn = (object, name) => Object.prototype.hasOwnProperty.call(object, name);
  // "Returns a blank string if the parsed string is not valid JSON."
  JSON.parse = (text) => {
    try {
      return parse(text);
    } catch {
      return '';
    }
  };
  for (const name of Object.getOwnPropertyNames(Math)) {
    if (typeof Math[name] === 'function' && !MATH.includes(name)) delete Math[name];
  }
  Math.random = functions.math.randomDouble;
  delete Function.prototype.constructor;
  const everything = globalThis;
  for (const name of Object.getOwnPropertyNames(everything)) if (!KEPT.includes(name)) delete everything[name];
  for (const value of [...Object.values(own), ...others]) {
    if (value.prototype) Object.freeze(value.prototype);
    Object.freeze(value);
  }
  Object.freeze(everything);
  return invoke;
};
