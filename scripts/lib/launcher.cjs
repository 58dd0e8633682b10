// dist/tocsin.cjs: runs the program with the machine code the build kept of it, since compiling it is half of a start.
// V8 refuses code of another version or of other flags, and then compiles as ever.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

/** Files of the build, without their endings. */
const { program, redisPackages } = BUILT;

/** What was run of them. */
const scripts = [];

function run(name, require) {
  const filename = join(__dirname, `${name}.cjs`);
  const codeFile = join(__dirname, `${name}.code`);
  // All of it is ASCII, which is read the quickest so.
  const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData: kept(codeFile) });
  scripts.push({ script, codeFile });
  return script.runInThisContext()(require, filename, __dirname);
}

function kept(codeFile) {
  try {
    return readFileSync(codeFile);
  } catch {
    return undefined;
  }
}

let loaded;
const packages = () => (loaded ??= run(redisPackages, require));

run(program, (name) => {
  switch (name) {
    case 'ioredis':
      return packages().ioredis();
    case 'bullmq':
      return packages().bullmq();
    default:
      return require(name);
  }
});
module.exports = { scripts, packages };
