// `npm start -- FLAGS`: installs and builds what is missing, then runs Tocsin standalone with the quick start.
import { relative } from 'node:path';
import { root } from './lib/process.mjs';
import { build, ensureInstalled } from './lib/setup.mjs';

await ensureInstalled();
await build();

const flags = process.argv.slice(2);
// npm moves to the checkout; paths the user gave are meant from where the user is.
process.chdir(process.env.INIT_CWD ?? process.cwd());
const fromHere = (path) => relative(process.cwd(), root + path) || '.';

// As environment, so that any flag or setting of the user's own goes before.
const ownConfig =
  process.env.TOCSIN_CONFIG_FILE !== undefined || flags.some((flag) => /^--config\.file(=|$)/.test(flag));
process.env.TOCSIN_CONFIG_FILE ??= fromHere('examples/quickstart/alertmanager.yml');
process.env.TOCSIN_EVALUATOR_CONFIG_FILE ??= fromHere('examples/quickstart/tocsin.yml');
process.env.TOCSIN_STORAGE_PATH ??= fromHere('data');
if (!ownConfig) process.env.TOCSIN_QUICKSTART_PRINTER ??= 'true';

// In this process: signals and the exit status need nobody to pass them on.
process.argv = [process.execPath, `${root}bin/tocsin`, 'standalone', ...flags];
await import('../dist/tocsin.cjs');
