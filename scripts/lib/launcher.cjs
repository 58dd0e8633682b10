// dist/tocsin.cjs: runs the program with the machine code the build kept of it, since compiling it is half of a start.
// V8 refuses code of another version or of other flags, and then compiles as ever.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

/** Names the build puts in: those of the program and of the code kept of it. */
const filename = join(__dirname, PROGRAM);
const codeFile = join(__dirname, CODE);

function kept() {
  try {
    return readFileSync(codeFile);
  } catch {
    return undefined;
  }
}

// All of the program is ASCII, which is read the quickest so.
const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData: kept() });
script.runInThisContext()(require, filename, __dirname);
module.exports = { script, codeFile };
