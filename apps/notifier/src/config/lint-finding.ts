import { type YamlFinding, type YamlPath } from '@tocsin/common/config/yaml-document';

/** What lint finds; documented in docs/configuration.md. */
export type LintCode =
  | 'route-unreachable'
  | 'template-fails'
  | 'receiver-unused'
  | 'interval-unused'
  | 'interval-without-zone'
  | 'interval-never'
  | 'group-interval-short'
  | 'repeat-below-group-interval'
  | 'repeat-off-grid'
  | 'repeat-above-retention'
  | 'inhibit-never'
  | 'inhibit-no-effect'
  | 'inhibit-each-other';

/** Something valid that is hardly meant. */
export interface LintFinding extends YamlFinding {
  readonly code: LintCode;
}

/** Says that something at a path of the file is hardly meant. */
export type ReportLint = (code: LintCode, path: YamlPath, message: string) => void;
