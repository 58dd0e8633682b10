// What is being built: branch and revision from the environment, or from git where there is one, or nothing. Run by itself it
// prints both, so that the build's cache can tell revisions apart.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('../..', import.meta.url));

function git(...args) {
  try {
    return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}

export const revision = process.env.TOCSIN_REVISION || git('rev-parse', 'HEAD');
// Nothing is checked out but a revision.
const branchOfGit = () => git('rev-parse', '--abbrev-ref', 'HEAD').replace(/^HEAD$/, '');
export const branch = process.env.TOCSIN_BRANCH || branchOfGit();

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(branch, revision);
