import { type EventRecorderConfig } from '../event-recorder/event-recorder-config';
import { type InhibitRule } from '../inhibition/inhibit-rule';
import { type RouteTree } from '../routing/route';
import { type TimeIntervals } from '../time-intervals/time-interval';
import { type TracingConfig } from '../tracing/tracing-config';
import { type IntegrationConfig } from '../receivers/kinds.schema';
import { type TemplateLanguage, type TemplateLibrary } from '../templates/template-language';
import { type LintFinding } from './lint-finding';

/** A checked `alertmanager.yml` with all inheritance applied: what the notifier runs on until the next reload. */
export interface NotifierConfig {
  /** Time-out given to alerts that come without an end, ms. Source: `global.resolve_timeout`. Default 300 000. */
  readonly resolveTimeoutMs: number;
  readonly routes: RouteTree;
  readonly inhibitRules: readonly InhibitRule[];
  /** Of both lists of the file. */
  readonly timeIntervals: TimeIntervals;
  /** In file order, unused ones included. */
  readonly receivers: readonly Receiver[];
  /** The built-in ones and those of the files that `templates` names. */
  readonly templates: TemplateLibrary;
  /** Of what no receiver has another one for. Source: `global.template_language` (ours). */
  readonly templateLanguage: TemplateLanguage;
  /** Null: no spans are sent. */
  readonly tracing: TracingConfig | null;
  /** Null: events are not recorded. Counts only with the feature `event-recorder`. */
  readonly eventRecorder: EventRecorderConfig | null;
  /** What is valid and yet hardly meant. */
  readonly lint: readonly LintFinding[];
  /** The effective configuration as YAML, secrets hidden; `/api/v2/status` shows it. */
  readonly original: string;
  /** First 6 bytes of the MD5 of the file, little-endian. Source: metric `alertmanager_config_hash`. */
  readonly hash: number;
}

export interface Receiver {
  readonly name: string;
  /** Always holds `name`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Of the templates in its integrations. */
  readonly templateLanguage: TemplateLanguage;
  /** In the order in which they are told. */
  readonly integrations: readonly IntegrationConfig[];
}
