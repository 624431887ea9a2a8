// Loaded into jsii's Node.js process by stacks/synth/lazy_bindings.py (NODE_OPTIONS=--require).
// The index of @cdktf/provider-aws requires all of its 1,500 resource modules at once. Here each
// `exports.x = require("./x")` of that one file becomes a getter that requires on first use.
// cdktf requires a library for archives, of 60 modules, which nobody asks for: packages are made in Python.
'use strict';
const fs = require('node:fs');
const Module = require('node:module');

const INDEX = /@cdktf[\\/]provider-aws[\\/]lib[\\/]index\.js$/;
const EAGER = /^exports\.(\w+) = require\((['"][^'"]+['"])\);$/gm;
const LAZY = 'Object.defineProperty(exports, "$1", { enumerable: true, configurable: true, get: () => require($2) });';
const FILES = /cdktf[\\/]lib[\\/]private[\\/]fs\.js$/;
const ARCHIVER = 'const archiver = require("archiver");';
const LAZY_ARCHIVER = 'const archiver = (...given) => require("archiver")(...given);';

const compile = Module._extensions['.js'];
const changed = (module, filename, change) => module._compile(change(fs.readFileSync(filename, 'utf8')), filename);
Module._extensions['.js'] = (module, filename) => {
  // The first statement of the index sets every name to undefined; a getter defined later replaces it.
  if (INDEX.test(filename)) return changed(module, filename, (source) => source.replace(EAGER, LAZY));
  if (FILES.test(filename)) return changed(module, filename, (source) => source.replace(ARCHIVER, LAZY_ARCHIVER));
  return compile(module, filename);
};
