import { type PostableAlert } from './alerts';

/** A group of alerts that a receiver is told of. */
export interface ToldGroup {
  readonly name: string;
  /** Without `group`, the label that all of them are grouped by. */
  readonly alerts: readonly Omit<PostableAlert, 'startsAt' | 'endsAt'>[];
  /** How many of them end once they were told of, the first ones; 0: that is all. */
  readonly ending: number;
}

const disk = (instance: string, more: Record<string, string> = {}): ToldGroup['alerts'][number] => ({
  labels: { alertname: 'DiskFull', instance, severity: 'critical', ...more },
  annotations: { summary: `Disk of ${instance} is full`, runbook_url: 'https://runbooks.test/disk?a=1&b=2' },
  generatorURL: `http://prometheus.test/graph?g0.expr=disk%3E0.9&g0.tab=1`,
});

const odd = 'Ümläute "quotes" \'single\' <b>&amp; \\ ` \u{1f4be} \u2028 {{ .Status }} *x* _y_ [z](u)';

/** Groups in which the default templates differ. */
export const TOLD_GROUPS: readonly ToldGroup[] = [
  { name: 'firing', alerts: [disk('a'), disk('b', { Zone: 'x' })], ending: 0 },
  { name: 'single', alerts: [disk('a')], ending: 0 },
  { name: 'resolved', alerts: [disk('a'), disk('b')], ending: 2 },
  { name: 'mixed', alerts: [disk('a'), disk('b'), disk('c', { severity: 'info' })], ending: 1 },
  { name: 'many', alerts: Array.from({ length: 120 }, (_, n) => disk(`host-${n}:9100`)), ending: 20 },
  {
    name: odd,
    alerts: [
      {
        labels: { alertname: odd, instance: `a\nb\tc`, severity: odd },
        annotations: { summary: odd, text: `two\n  lines ${odd}`, url: 'javascript:alert(1)' },
        generatorURL: `http://p.test/graph?g0.expr=a%22%3E%3Cb%3E&x='%C3%BC'`,
      },
    ],
    ending: 1,
  },
  {
    name: 'bare',
    alerts: [
      { labels: {}, annotations: {} },
      { labels: { a: 'b' }, annotations: { summary: '' } },
    ],
    ending: 1,
  },
];
