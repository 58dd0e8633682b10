import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { alertAdd, alertFromArguments } from './alert-add';
import { ALERT_ADD_FLAGS } from './flags';
import { parseFlags } from './parse-flags';

function given(...argv: string[]) {
  const parsed = parseFlags(
    ALERT_ADD_FLAGS.flatMap(({ flags }) => flags),
    argv,
    {},
  );
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed;
}

const alert = (...argv: string[]) => {
  const { flags, args } = given(...argv);
  return alertFromArguments(flags, args);
};

describe('alertFromArguments', () => {
  it.each([
    ['a first word for the alertname', ['Disk full', 'a=b'], { alertname: 'Disk full', a: 'b' }],
    ['labels only', ['alertname=X', 'a="b c"'], { alertname: 'X', a: 'b c' }],
    ['a quoted first word', ['say "hi"'], { alertname: 'say "hi"' }],
  ])('reads %s', (_, argv, labels) => expect(alert(...argv)).toEqual({ labels, annotations: {} }));

  it('reads annotations, times and the generator', () => {
    const flags = [
      '--annotation',
      'summary=It is full',
      '--start=2026-01-01T00:00:00Z',
      '--end=2026-01-01T01:00:00+01:00',
    ];
    expect(alert('X', ...flags, '--generator-url=http://g')).toEqual({
      labels: { alertname: 'X' },
      annotations: { summary: 'It is full' },
      startsAt: '2026-01-01T00:00:00Z',
      endsAt: '2026-01-01T01:00:00+01:00',
      generatorURL: 'http://g',
    });
  });

  it.each([
    [['X', 'a=~b'], 'labels must be specified as name=value pairs: a=~b'],
    [['X', 'a'], 'bad matcher format: a'],
    [['X', '--annotation=a!=b'], 'annotations must be specified as name=value pairs: a!=b'],
    [['X', '--end=tomorrow'], "--end: expected a time such as 2026-01-31T12:00:00Z, got 'tomorrow'"],
  ])('refuses %j', (argv, message) => expect(() => alert(...argv)).toThrow(message));
});

describe('alertAdd', () => {
  let close = () => {};
  afterEach(() => close());

  /** A notifier that answers so; returns its URL and what it was sent. */
  async function notifier(status: number, answer: string) {
    const requests: { url: string | undefined; authorization: string | undefined; body: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request
        .on('data', (chunk) => (body += chunk))
        .on('end', () => {
          requests.push({ url: request.url, authorization: request.headers.authorization, body });
          response.writeHead(status).end(answer);
        });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    close = () => {
      server.closeAllConnections();
      server.close();
    };
    return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
  }

  const add = (...argv: string[]) => {
    const { flags, args } = given(...argv);
    return alertAdd(flags, args, { out: () => {}, err: () => {} });
  };

  it('posts to the API below the path of the URL, with its user and password', async () => {
    const { host, requests } = await notifier(200, '');
    expect(await add('X', `--notifier.url=http://u:p%40@${host}/prefix/`)).toBe(0);
    expect(requests).toEqual([
      {
        url: '/prefix/api/v2/alerts',
        authorization: `Basic ${btoa('u:p@')}`,
        body: '[{"labels":{"alertname":"X"},"annotations":{}}]',
      },
    ]);
  });

  it('says what the notifier said', async () => {
    const { host } = await notifier(400, '"start time must be before end time"\n');
    await expect(add('X', `--notifier.url=http://${host}`)).rejects.toThrow(
      `http://${host} answered 400: start time must be before end time`,
    );
  });

  it('says when it cannot reach it', async () => {
    const { host } = await notifier(200, '');
    close();
    await expect(add('X', `--notifier.url=http://${host}`)).rejects.toThrow(/cannot reach .*ECONNREFUSED/);
    await expect(add('X', '--notifier.url=localhost')).rejects.toThrow(
      "expected a URL such as http://localhost:9093, got 'localhost'",
    );
  });
});
