import { type HttpConfig } from '@tocsin/common/http/http-config';
import { type LabelNameMode, type Labels } from '@tocsin/common/labels/label-set';

/** What the evaluator takes from a `prometheus.yml`. */
export interface EvaluatorConfig {
  /** Source: `global.evaluation_interval`. Default 60 000. */
  readonly evaluationIntervalMs: number;
  /** Source: `global.rule_query_offset`. Default 0. */
  readonly ruleQueryOffsetMs: number;
  /** Source: `global.external_labels`; environment variables are expanded. */
  readonly externalLabels: Labels;
  /** Which label names rules may have. Source: `global.metric_name_validation_scheme`. Default `utf8`. */
  readonly nameMode: LabelNameMode;
  /** Paths and patterns, relative ones to the folder of the file. */
  readonly ruleFiles: readonly string[];
  readonly alertmanagers: readonly AlertmanagerConfig[];
  /** Sections that are set and would matter here, but do nothing in this version. */
  readonly withoutEffect: readonly string[];
}

/** Receivers of alerts. Source: an entry of `alerting.alertmanagers`. */
export interface AlertmanagerConfig {
  /** Addresses alerts are posted to. */
  readonly urls: readonly string[];
  /** Limit of one request, ms. Default 10 000. */
  readonly timeoutMs: number;
  readonly http: HttpConfig;
}

/** An evaluator without a configuration file. */
export const DEFAULT_EVALUATOR_CONFIG: EvaluatorConfig = {
  evaluationIntervalMs: 60_000,
  ruleQueryOffsetMs: 0,
  externalLabels: {},
  nameMode: 'utf8',
  ruleFiles: [],
  alertmanagers: [],
  withoutEffect: [],
};
