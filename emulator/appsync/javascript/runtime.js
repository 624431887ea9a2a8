// The surroundings of a resolver: util, runtime, extensions and console as AppSync's APPSYNC_JS 1.0.0 has them.
// Evaluates to makeFunctions => invoke. A member that AppSync has and this doesn't is refused by its name.
(makeFunctions) => {
  'use strict';

  const { Proxy } = globalThis; // a resolver doesn't see it
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
  const failure = (message, type, data, info) => ({
    message: String(message),
    errorType: type === undefined ? null : type,
    data: data === undefined ? null : data,
    errorInfo: info === undefined ? null : info,
  });
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
  const extensions = surface('extensions', {}, [
    'evictFromApiCache',
    'setSubscriptionFilter',
    'setSubscriptionInvalidationFilter',
    'invalidateSubscriptions',
  ]);
  const written = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
  const log = (...values) => void call.logs.push(values.map(written).join(' '));
  const console = surface('console', { log, error: log, warn: log, info: log, debug: log }, []);

  const failed = (error) => {
    if (error === call.signal) return error;
    return { kind: 'failed', message: String(error), stack: (error && error.stack) || '' };
  };

  // The module's own level runs for each invocation, so that nothing is remembered from one to the next.
  const invoke = (module, name, context, authType, seed) => {
    call = { context: JSON.parse(context), authType, appended: [], logs: [], signal: null };
    call.seed = [0, 8, 16, 24].map((from) => parseInt(seed.slice(from, from + 8), 16) | 0);
    call.context.arguments = call.context.args;
    let outcome;
    try {
      const handler = module(util, runtime, extensions, console)[name];
      outcome = handler ? { kind: 'value', value: handler(call.context) } : { kind: 'missing' };
    } catch (error) {
      outcome = failed(error);
    }
    return JSON.stringify({ ...outcome, stash: call.context.stash, appended: call.appended, logs: call.logs });
  };

  // What AppSync doesn't have goes, what it has can't be changed by one call for the next.
  const own = {
    JSON,
    Math,
    Object,
    Array,
    String,
    Number,
    Boolean,
    Date,
    RegExp,
    Function: globalThis.Function,
    Map,
    Set,
  };
  if (!Object.hasOwn) Object.hasOwn = (object, name) => Object.prototype.hasOwnProperty.call(object, name);
  const KEPT = [
    'JSON',
    'Math',
    'Object',
    'Array',
    'String',
    'Number',
    'Boolean',
    'Date',
    'Map',
    'Set',
    'NaN',
    'Infinity',
  ]
    .concat(['undefined', 'isNaN', 'isFinite', 'parseInt', 'parseFloat'])
    .concat(['encodeURI', 'encodeURIComponent', 'decodeURI', 'decodeURIComponent']);
  delete Math.random;
  delete Function.prototype.constructor;
  const everything = globalThis;
  for (const name of Object.getOwnPropertyNames(everything)) if (!KEPT.includes(name)) delete everything[name];
  for (const value of Object.values(own)) {
    if (value.prototype) Object.freeze(value.prototype);
    Object.freeze(value);
  }
  Object.freeze(everything);
  return invoke;
};
