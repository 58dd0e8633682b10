/** What was built and what it runs on; labels of `*_build_info`, `versionInfo` of the API. */
export interface BuildInfo {
  readonly version: string;
  readonly revision: string;
  readonly branch: string;
  readonly buildUser: string;
  readonly buildDate: string;
  /** The runtime's version: where Go programs say `go1.x`, we say `node20.x`. */
  readonly runtime: string;
  readonly platform: string;
  readonly arch: string;
}

/** Labels of `*_build_info` in the names dashboards know. */
export const BUILD_INFO_LABELS = ['version', 'revision', 'branch', 'goversion', 'goos', 'goarch'] as const;

/** Go's names where Node.js has others. */
const goNames: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', win32: 'windows' };

export function buildInfoLabels(build: BuildInfo): Record<(typeof BUILD_INFO_LABELS)[number], string> {
  const { version, revision, branch, runtime, platform, arch } = build;
  return {
    version,
    revision,
    branch,
    goversion: runtime,
    goos: goNames[platform] ?? platform,
    goarch: goNames[arch] ?? arch,
  };
}
