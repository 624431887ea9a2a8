// Loaded into jsii's Node.js process by stacks/synth/lazy_bindings.py (NODE_OPTIONS=--require).
// The index of @cdktf/provider-aws requires all of its 1,500 resource modules at once. Here each
// `exports.x = require("./x")` of that one file becomes a getter that requires on first use.
'use strict';
const fs = require('node:fs');
const Module = require('node:module');

const INDEX = /@cdktf[\\/]provider-aws[\\/]lib[\\/]index\.js$/;
const EAGER = /^exports\.(\w+) = require\((['"][^'"]+['"])\);$/gm;
const LAZY = 'Object.defineProperty(exports, "$1", { enumerable: true, configurable: true, get: () => require($2) });';

const compile = Module._extensions['.js'];
Module._extensions['.js'] = (module, filename) => {
  if (!INDEX.test(filename)) return compile(module, filename);
  // The first statement of the file sets every name to undefined; a getter defined later replaces it.
  return module._compile(fs.readFileSync(filename, 'utf8').replace(EAGER, LAZY), filename);
};
