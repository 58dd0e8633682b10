import { type FrozenAlert } from '@tocsin/notifier/pipeline/notification-record';
import { aNotification, anAlert } from '@tocsin/notifier/receivers/integration.contract';
import { slackMessage } from '@tocsin/notifier/receivers/slack/slack-message';
import { configOf } from '@tocsin/notifier/receivers/testing/built-integration';
import { GoTemplates } from '@tocsin/notifier/templates/go-templates';
import { NotificationFacts } from '@tocsin/notifier/templates/notification-facts';
import { type Rendering, renderMessage } from '@tocsin/notifier/templates/rendering';
import { realisticAlert } from '../support/alerts';
import { type BenchRun } from './bench-case';
import { percentile } from './measure';
import { type Values } from './report';

/** Before anything is counted, so that the engine is compiled as in a notifier that has run for a while. */
const WARM_UP_MS = 2_000;
const ROUNDS = 20;
const ROUND_MS = 100;

type Make = (rendering: Rendering) => unknown;

const slack = configOf('slack', { api_url: 'http://slack.test/', channel: '#alerts', send_resolved: true });
const written = configOf('slack', {
  api_url: 'http://slack.test/',
  channel: '#{{ .CommonLabels.team }}',
  title: '{{ .CommonLabels.alertname }} ({{ .Alerts.Firing | len }})',
  text: '{{ range .Alerts }}*{{ .Status | toUpper }}* {{ .Annotations.summary }}\n{{ range .Labels.SortedPairs }}• {{ .Name }}: `{{ .Value }}`\n{{ end }}{{ end }}',
});

const MESSAGES: readonly { name: string; alerts: number; make: Make }[] = [
  { name: 'Slack, 3 alerts', alerts: 3, make: (rendering) => slackMessage(slack, rendering, null) },
  { name: 'Slack with an own text, 3 alerts', alerts: 3, make: (rendering) => slackMessage(written, rendering, null) },
  { name: 'HTML of a mail, 3 alerts', alerts: 3, make: mail },
  { name: 'HTML of a mail, 100 alerts', alerts: 100, make: mail },
];

function mail(rendering: Rendering): string {
  return rendering.html('{{ template "email.default.html" . }}');
}

/** What the messages of a notification cost by themselves, in this process: there is no server. */
export const templates: BenchRun = async ({ progress }) => {
  const engine = new GoTemplates(() => Date.now());
  return MESSAGES.map(({ name, alerts, make }) => {
    progress(name);
    return { name, byTarget: new Map([['tocsin', measure(engine, alerts, make)]]) };
  });
};

function measure(engine: GoTemplates, count: number, make: Make): Values {
  const groupLabels = { alertname: 'KubePodNotReadyForTooLong', cluster: 'eu-central-1' };
  const notification = aNotification({ groupLabels, alerts: Array.from({ length: count }, (_, nth) => alertOf(nth)) });
  const render = (): void => {
    const facts = new NotificationFacts(notification, 'team-platform', 'https://alerts.example.org');
    const made = renderMessage(facts, engine, make);
    if (!made.ok || made.degraded !== null) throw new Error(made.ok ? (made.degraded ?? '') : made.error);
  };
  renderFor(WARM_UP_MS, render);
  const rounds = Array.from({ length: ROUNDS }, () => renderFor(ROUND_MS, render));
  return {
    'CPU µs each': percentile(rounds, 50),
    'best round': Math.min(...rounds),
    'worst round': Math.max(...rounds),
  };
}

/** An alert of one cluster and alert name, as a group has them; of three one is over. */
function alertOf(nth: number): FrozenAlert {
  const startsAtMs = Date.UTC(2026, 0, 1) + nth;
  const { labels, annotations, generatorURL } = realisticAlert(nth, { startsAtMs, endsAtMs: 0 });
  const group = { alertname: 'KubePodNotReadyForTooLong', cluster: 'eu-central-1', team: 'platform' };
  const endsAtMs = nth % 3 === 2 ? startsAtMs + 60_000 : 0;
  return anAlert({
    labels: { ...labels, ...group },
    annotations,
    generatorURL: generatorURL ?? '',
    startsAtMs,
    endsAtMs,
  });
}

/** CPU time of a message, µs: of all threads, collecting garbage included. */
function renderFor(ms: number, render: () => void): number {
  const endMs = performance.now() + ms;
  const before = process.cpuUsage();
  let messages = 0;
  for (; performance.now() < endMs; messages += 10) for (let n = 0; n < 10; n++) render();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / messages;
}
