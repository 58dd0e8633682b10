import { type BuildInfo } from '@tocsin/common/metrics/build-info';

/** Put in by the build; branch and revision are empty where it knew of none. */
declare const TOCSIN_BUILD: Pick<BuildInfo, 'version' | 'branch' | 'revision'>;

const BUILT = typeof TOCSIN_BUILD === 'undefined' ? { version: 'dev', branch: '', revision: '' } : TOCSIN_BUILD;

/** Version of the program; `dev` when it was not built. */
export const VERSION = BUILT.version;

/** What was built and what it runs on. */
export const BUILD: BuildInfo = {
  ...BUILT,
  buildUser: '',
  buildDate: '',
  runtime: `node${process.versions.node}`,
  platform: process.platform,
  arch: process.arch,
};

/** What `--version` prints, in the form of Prometheus' programs. */
export function versionText({
  version,
  branch,
  revision,
  buildUser,
  buildDate,
  runtime,
  platform,
  arch,
}: BuildInfo): string {
  const known = (text: string): string => text || 'unknown';
  return [
    `tocsin, version ${version} (branch: ${known(branch)}, revision: ${known(revision)})`,
    `  build user:       ${known(buildUser)}`,
    `  build date:       ${known(buildDate)}`,
    `  runtime:          ${runtime}`,
    `  platform:         ${platform}/${arch}`,
    '',
  ].join('\n');
}
