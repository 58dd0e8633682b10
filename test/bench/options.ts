import { parseArgs } from 'node:util';

export const BENCHES = ['ingest', 'groups', 'read', 'inhibition', 'silences', 'restart', 'templates'] as const;
export type Bench = (typeof BENCHES)[number];

export interface BenchOptions {
  bench: Bench;
  /** Also run the same load on Debian's Alertmanager. */
  peer: boolean;
  /** Run only that. */
  peerOnly: boolean;
  /** Run Tocsin's notifier on a Redis of its own, whose CPU is counted. */
  redis: boolean;
  /** Redis writes its append-only file, as an installation that cares for its state has it. */
  aof: boolean;
  /** Numbers of alerts to measure with, or null for the bench's own. */
  alerts: readonly number[] | null;
  groups: readonly number[];
  batches: readonly number[];
  /** HTTP connections that send at the same time. */
  connections: number;
  json: boolean;
}

export const USAGE = `npm run bench -- BENCH [options]

Drives a running server over HTTP on 127.0.0.1 and prints what it costs.

BENCH
  ingest    POST /api/v2/alerts: a first send and re-sends with a later endsAt
  groups    groups due together, each one notification to one webhook
  read      GET /api/v2/alerts
  inhibition  a round of flushes of 20 000 targets, one rule with 1 000 sources
  silences  5 000 silences with regexes, then alerts until all groups are told
  restart   kill -9 and start again: time to ready, alerts and silences kept, notifications told again
  templates a message to Slack and a mail, rendered in the bench's own process: no server, no peer

Options
  --peer            the same load on Debian's prometheus-alertmanager, and ratios to it
  --peer-only       only that
  --redis           Tocsin's notifier on a Redis of its own (its CPU is counted); default: standalone, embedded state
  --no-aof          that Redis keeps no append-only file
  --alerts N,…      ingest: 10000,100000; read, inhibition, silences: 20000; restart: 10000
  --groups N,…      groups: 1000,10000
  --batch N,…       alerts a request. Default 64,256 for ingest (the others use 256)
  --connections N   requests under way at the same time. Default 4
  --json            machine-readable result on stdout
`;

/** Parses the command line; a mistake is thrown with a message for the user. */
export function parseOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      peer: { type: 'boolean', default: false },
      'peer-only': { type: 'boolean', default: false },
      redis: { type: 'boolean', default: false },
      'no-aof': { type: 'boolean', default: false },
      alerts: { type: 'string' },
      groups: { type: 'string', default: '1000,10000' },
      batch: { type: 'string', default: '64,256' },
      connections: { type: 'string', default: '4' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const bench = BENCHES.find((name) => name === positionals[0]);
  if (bench === undefined || positionals.length !== 1) throw new Error(`say which bench: ${BENCHES.join(', ')}`);
  return {
    bench,
    peer: values.peer,
    peerOnly: values['peer-only'],
    redis: values.redis,
    aof: !values['no-aof'],
    alerts: values.alerts === undefined ? null : numbers('--alerts', values.alerts, 1_000_000),
    groups: numbers('--groups', values.groups, 100_000),
    batches: numbers('--batch', values.batch, 10_000),
    connections: numbers('--connections', values.connections, 256)[0] ?? 4,
    json: values.json,
  };
}

function numbers(flag: string, text: string, most: number): number[] {
  return text.split(',').map((item) => {
    const number = Number(item);
    if (!Number.isInteger(number) || number < 1 || number > most) {
      throw new Error(`${flag}: ${JSON.stringify(item)} is not a whole number from 1 to ${most}`);
    }
    return number;
  });
}
