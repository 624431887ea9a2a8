// Prints the HCL files that are named on the command line as one JSON object by file name.
'use strict';
const fs = require('node:fs');
const { parse } = require('@cdktf/hcl2json');

const read = async (file) => [file, await parse(file, fs.readFileSync(file, 'utf8'))];
Promise.all(process.argv.slice(2).map(read)).then((files) =>
  process.stdout.write(JSON.stringify(Object.fromEntries(files))),
);
