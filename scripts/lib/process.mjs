// Child processes for the scripts: run one to its end, with its output shown or kept.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

/** The checkout, with a slash at the end. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs a command in the checkout until it ends.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ show?: boolean, env?: NodeJS.ProcessEnv }} [options] `show`: its output goes to ours; otherwise it is returned.
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { show = false, env = process.env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
    const signals = followSignals(child);
    let output = '';
    const collect = (chunk) => (output += chunk);
    child.stdout?.setEncoding('utf8').on('data', collect);
    child.stderr?.setEncoding('utf8').on('data', collect);
    const end = (code) => {
      signals.stop();
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output += `${command}: ${error.message}\n`;
      end(127);
    });
    child.on('close', (code, signal) => end(code ?? 128 + constants.signals[signal]));
  });
}

/** A signal ends the child, then this script. A terminal sends Ctrl-C to the child itself. */
function followSignals(child) {
  const follow = (signal) => {
    if (signal !== 'SIGINT') child.kill(signal);
    child.once('close', () => process.exit(128 + constants.signals[signal]));
  };
  const followed = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of followed) process.on(signal, follow);
  return { stop: () => followed.forEach((signal) => process.off(signal, follow)) };
}

/** Ends the script with one clear line. */
export function fail(message) {
  console.error(`\n${message}`);
  process.exit(1);
}
