import { type Command } from './command';
import { ALERT_ADD_FLAGS, EVALUATOR_FLAGS, NOTIFIER_FLAGS, STANDALONE_FLAGS, WEBHOOK_PRINTER_FLAGS } from './flags';

const SIGNALS = 'SIGHUP (or POST /-/reload) reloads the files; SIGTERM and SIGINT stop it after what is under way.';

/** Everything `tocsin` does, in the order of its help. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'standalone',
    args: null,
    summary: 'Runs evaluator and notifier in one process.',
    details: `State is kept in one folder; no server is needed. ${SIGNALS}`,
    sections: STANDALONE_FLAGS,
    load: async () => (await import('./standalone')).standalone,
  },
  {
    name: 'notifier',
    args: null,
    summary: 'Takes alerts, groups and routes them, notifies receivers.',
    details: `Takes Alertmanager's flags and serves its API. With REDIS_URL any number of notifiers work as one. ${SIGNALS}`,
    sections: NOTIFIER_FLAGS,
    load: async () => (await import('./notifier')).notifier,
  },
  {
    name: 'evaluator',
    args: null,
    summary: 'Evaluates Prometheus rules and sends their alerts.',
    details: `With REDIS_URL any number of evaluators share the rules and hand alerts to the notifiers there; with --notifier.url they post to any Alertmanager. ${SIGNALS}`,
    sections: EVALUATOR_FLAGS,
    load: async () => (await import('./evaluator')).evaluator,
  },
  {
    name: 'check config',
    args: 'FILE…',
    summary: 'Checks configuration files of the notifier (alertmanager.yml).',
    details: 'Prints every mistake with file, line and column. Exit code 1 if there is any.',
    sections: [],
    load: async () => (await import('./check-config')).checkConfig,
  },
  {
    name: 'check rules',
    args: 'FILE…',
    summary: 'Checks Prometheus rule files.',
    details:
      'Prints every mistake with file, line and column. Whether an expression is valid only the datasource can tell.',
    sections: [],
    load: async () => (await import('./check-rules')).checkRules,
  },
  {
    name: 'alert add',
    args: 'LABEL…',
    summary: 'Posts one alert.',
    details: 'Labels are written name=value; a first argument without = is the alertname.',
    sections: ALERT_ADD_FLAGS,
    load: async () => (await import('./alert-add')).alertAdd,
  },
  {
    name: 'webhook-printer',
    args: null,
    summary: 'Prints every webhook it is sent: a receiver to try things with.',
    details: 'Takes the body of Alertmanager webhooks on any path; GET /-/healthy says that it runs.',
    sections: WEBHOOK_PRINTER_FLAGS,
    load: async () => (await import('./webhook-printer')).webhookPrinter,
  },
];
