import { type InhibitRule } from '../inhibition/inhibit-rule';
import { type RouteTree } from '../routing/route';
import { type TimeIntervals } from '../time-intervals/time-interval';
import { type WebhookConfig } from '../receivers/webhook/webhook.schema';

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
  /** The effective configuration as YAML, secrets hidden; `/api/v2/status` shows it. */
  readonly original: string;
  /** First 6 bytes of the MD5 of the file, little-endian. Source: metric `alertmanager_config_hash`. */
  readonly hash: number;
}

export interface Receiver {
  readonly name: string;
  /** Always holds `name`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly webhooks: readonly WebhookConfig[];
}
