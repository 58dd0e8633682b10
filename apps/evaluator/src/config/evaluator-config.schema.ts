import {
  any,
  custom,
  type Decoder,
  duration,
  list,
  map,
  object,
  orEmpty,
  type Report,
  string,
  withDefault,
} from '@tocsin/common/config/decode';
import { notSupportedYet } from '@tocsin/common/config/not-supported';
import { goQuote } from '@tocsin/common/labels/go-quote';
import { isValidLabelName, type Labels, labelsOf } from '@tocsin/common/labels/label-set';
import { isRuleFilePattern } from '../rules/file-pattern';
import { type AlertmanagerConfig, type EvaluatorConfig } from './evaluator-config';
import { withInlineHttp } from './inline-http';

/** Values of environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Parts of a `prometheus.yml` that concern others: any value, no effect. */
const ignored = withDefault(any, null);

function ignoredFields<const Name extends string>(names: readonly Name[]): Record<Name, Decoder<unknown>> {
  return Object.fromEntries(names.map((name) => [name, ignored])) as Record<Name, Decoder<unknown>>;
}

/** Settings whose loss would change who is alerted: refused unless empty. */
function refused(name: string): Decoder<unknown> {
  return withDefault(
    custom(any, (value, report) => (isEmpty(value) ? null : report(notSupportedYet(name)))),
    null,
  );
}

function isEmpty(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

const GLOBAL_IGNORED = [
  ...['scrape_interval', 'scrape_timeout', 'scrape_protocols', 'query_log_file', 'scrape_failure_log_file'],
  ...['body_size_limit', 'sample_limit', 'target_limit', 'label_limit', 'label_name_length_limit'],
  ...['label_value_length_limit', 'keep_dropped_targets', 'metric_name_escaping_scheme', 'scrape_native_histograms'],
  ...['always_scrape_classic_histograms', 'convert_classic_histograms_to_nhcb', 'extra_scrape_metrics', 'runtime'],
] as const;

/** Whoever sets these expects something of the evaluator, so they are told. */
const WITHOUT_EFFECT = ['remote_write', 'remote_read'] as const;

const TOP_IGNORED = [
  ...['scrape_configs', 'scrape_config_files', 'storage', 'tracing', 'otlp', 'runtime'],
  ...WITHOUT_EFFECT,
] as const;

const DISCOVERIES = [
  ...['azure', 'consul', 'digitalocean', 'docker', 'dockerswarm', 'dns', 'ec2', 'eureka', 'file', 'gce', 'hetzner'],
  ...['http', 'ionos', 'kubernetes', 'kuma', 'lightsail', 'linode', 'marathon', 'nerve', 'nomad', 'openstack'],
  ...['ovhcloud', 'puppetdb', 'scaleway', 'serverset', 'stackit', 'triton', 'uyuni', 'vultr'],
] as const;

/** Source: Prometheus `config.GlobalConfig`. */
function globalSection(environment: Environment) {
  return orEmpty(
    object(
      {
        evaluation_interval: withDefault(duration, 60_000),
        rule_query_offset: withDefault(duration, 0),
        external_labels: withDefault(externalLabels(environment), {}),
        metric_name_validation_scheme: withDefault(nameMode, 'utf8' as const),
        ...ignoredFields(GLOBAL_IGNORED),
      },
      'config.GlobalConfig',
    ),
  );
}

const nameMode = custom(string, (scheme, report) => {
  if (scheme === '' || scheme === 'utf8') return 'utf8' as const;
  if (scheme === 'legacy') return 'classic' as const;
  return report(
    `unknown global name validation method specified, must be either '', 'legacy' or 'utf8', got ${scheme}`,
  );
});

function externalLabels(environment: Environment): Decoder<Labels> {
  return custom(map(string), (labels, report) => {
    const pairs = Object.entries(labels).map(([name, value]): [string, string] => {
      if (!isValidLabelName(name, 'utf8')) report(`${goQuote(name)} is not a valid label name`, [name]);
      return [name, expandVariables(value, environment)];
    });
    return labelsOf(pairs);
  });
}

/** `$NAME`, `${NAME}` and `$$`. Source: Go `os.Expand`; what is not set is empty. */
function expandVariables(text: string, environment: Environment): string {
  return text.replace(/\$(?:\$|\{([^}]*)\}|(\w+))/g, (_, inBraces?: string, bare?: string) => {
    const name = inBraces ?? bare;
    return name === undefined ? '$' : (environment[name] ?? '');
  });
}

const staticConfig = object(
  { targets: withDefault(list(string), []), labels: withDefault(map(string), {}) },
  'targetgroup.Group',
);

const alertmanagerFields = object(
  {
    static_configs: withDefault(list(staticConfig), []),
    scheme: withDefault(string, 'http'),
    path_prefix: withDefault(string, '/'),
    timeout: withDefault(duration, 10_000),
    api_version: withDefault(string, 'v2'),
    sigv4: refused('sigv4'),
    relabel_configs: refused('relabel_configs'),
    alert_relabel_configs: refused('alert_relabel_configs'),
    ...(Object.fromEntries(DISCOVERIES.map((name) => [`${name}_sd_configs`, refused(`${name}_sd_configs`)])) as Record<
      `${(typeof DISCOVERIES)[number]}_sd_configs`,
      Decoder<unknown>
    >),
  },
  'config.plain',
);

/** Source: Prometheus `config.AlertmanagerConfig`. */
const alertmanager: Decoder<AlertmanagerConfig> = custom(withInlineHttp(alertmanagerFields), (raw, report) => {
  if (raw.api_version !== 'v2') {
    return report(`expected Alertmanager api version to be one of [v2] but got ${raw.api_version}`, ['api_version']);
  }
  if (raw.scheme !== 'http' && raw.scheme !== 'https') {
    return report(`expected scheme http or https, got ${goQuote(raw.scheme)}`, ['scheme']);
  }
  const prefix = raw.path_prefix.replace(/^\/*|\/+$/g, '');
  const path = prefix === '' ? '' : `/${prefix}`;
  const urls: string[] = [];
  raw.static_configs.forEach(({ targets, labels }, at) => {
    if (Object.keys(labels).some((name) => name.startsWith('__'))) {
      report(notSupportedYet('a label that begins with __'), ['static_configs', at, 'labels']);
    }
    for (const [index, target] of targets.entries()) {
      const url = targetUrl(raw.scheme, target, path, (message) =>
        report(message, ['static_configs', at, 'targets', index]),
      );
      if (url !== undefined) urls.push(url);
    }
  });
  return { urls: [...new Set(urls)], timeoutMs: raw.timeout, http: raw.http };
});

function targetUrl(scheme: string, target: string, path: string, report: Report): string | undefined {
  const url = `${scheme}://${target}${path}/api/v2/alerts`;
  if (target === '' || /[/?#@\s]/.test(target) || !URL.canParse(url)) {
    return report(`${goQuote(target)} is not a valid hostname`);
  }
  return url;
}

const alertingSection = orEmpty(
  object(
    {
      alert_relabel_configs: refused('alert_relabel_configs'),
      alertmanagers: withDefault(list(alertmanager), []),
    },
    'config.AlertingConfig',
  ),
);

const ruleFilePath = custom(string, (path, report) => {
  return isRuleFilePattern(path) ? path : report(`invalid rule file path ${goQuote(path)}`);
});

/** What the evaluator reads of a `prometheus.yml`; sections that concern scraping and storage have no effect. */
export function evaluatorConfig(environment: Environment): Decoder<EvaluatorConfig> {
  const file = object(
    {
      global: globalSection(environment),
      rule_files: withDefault(list(ruleFilePath), []),
      alerting: alertingSection,
      ...ignoredFields(TOP_IGNORED),
    },
    'config.plain',
  );
  return custom(file, ({ global, rule_files: ruleFiles, alerting, ...rest }) => ({
    evaluationIntervalMs: global.evaluation_interval || 60_000,
    ruleQueryOffsetMs: global.rule_query_offset,
    externalLabels: global.external_labels,
    nameMode: global.metric_name_validation_scheme,
    ruleFiles,
    alertmanagers: alerting.alertmanagers,
    withoutEffect: WITHOUT_EFFECT.filter((name) => !isEmpty(rest[name])),
  }));
}
