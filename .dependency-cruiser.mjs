// Module boundaries from the tags in each project.json, and no import cycles anywhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

const glob = (dir) => readdirSync(dir).map((name) => `${dir}/${name}/project.json`);

const projects = [...glob('apps'), ...glob('libs')]
  .filter((file) => existsSync(file))
  .map((file) => {
    const { name, tags } = JSON.parse(readFileSync(file, 'utf8'));
    return { name, root: dirname(file), tags };
  });
const roots = (test) => projects.filter(({ tags }) => test(tags)).map(({ root }) => `^${root}/`);
const scope = (name) => roots((tags) => tags.includes(`scope:${name}`));
const libs = roots((tags) => tags.includes('type:lib'));
const apps = roots((tags) => tags.includes('type:app'));

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'libs-import-no-app', severity: 'error', from: { path: libs }, to: { path: apps } },
    {
      name: 'evaluator-not-notifier',
      severity: 'error',
      from: { path: scope('evaluator') },
      to: { path: scope('notifier') },
    },
    {
      name: 'notifier-not-evaluator',
      severity: 'error',
      from: { path: scope('notifier') },
      to: { path: scope('evaluator') },
    },
    {
      name: 'apps-import-no-cli',
      severity: 'error',
      from: { path: [...scope('evaluator'), ...scope('notifier')] },
      to: { path: scope('cli') },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { pathNot: ['\\.(spec|contract|redis\\.spec)\\.ts$', '/testing/', '^test/', '/fake-'] },
      to: { path: ['\\.(spec|contract)\\.ts$', '/testing/', '^test/'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '\\.lua$' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['import', 'node', 'default', 'types'], exportsFields: ['exports'] },
  },
};
