import { runTocsin } from './run';

// Somebody who reads only the beginning (`tocsin --help | head`) is no mistake.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// No `await` here: the program is bundled as CommonJS, which has none at its top.
void runTocsin(process.argv.slice(2), process.env, {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}).then((code) => {
  // Not before all of it is written: a pipe takes what it can. Whatever else is open does not keep the process.
  process.stdout.write('', () => process.exit(code));
});
