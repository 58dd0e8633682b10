import { describe, expect, it, vi } from 'vitest';
import { Secret } from '../config/secret';
import { nullLog, onReasonChange, reasonOf } from './log';
import { createLogger, type LoggerOptions } from './logger';

function lines(options: Partial<LoggerOptions>, use: (log: ReturnType<typeof createLogger>) => void): string[] {
  const written: string[] = [];
  use(createLogger({ level: 'debug', format: 'logfmt', write: (line) => written.push(line), ...options }));
  return written;
}

describe('createLogger', () => {
  it('writes lines as Alertmanager does', () => {
    const [line] = lines({}, (log) => log.info('Listening on', { address: '127.0.0.1:9093', http2: true, workers: 3 }));
    expect(line).toMatch(
      /^time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=INFO source=log\.spec\.ts:\d+ msg="Listening on" address=127\.0\.0\.1:9093 http2=true workers=3\n$/,
    );
  });

  it.each([
    ['a plain word', 'word', 'word'],
    ['blanks', 'a b', '"a b"'],
    ['quotes', 'a"b', '"a\\"b"'],
    ['an equals sign', 'a=b', '"a=b"'],
    ['a line break, which would begin a forged line', 'a\nlevel=ERROR', '"a\\nlevel=ERROR"'],
    ['nothing', '', '""'],
    ['a list', ['a', 1], '"[\\"a\\",1]"'],
    ['an error with its cause', new Error('outer', { cause: new Error('inner') }), '"outer: inner"'],
    ['a secret', new Secret('hunter2'), '<secret>'],
    ['a secret inside', { url: new Secret('hunter2') }, '"{\\"url\\":\\"<secret>\\"}"'],
  ])('writes %s', (_, value, text) => {
    expect(lines({}, (log) => log.info('m', { value }))[0]).toContain(` msg=m value=${text}\n`);
  });

  it('writes nothing below its level', () => {
    const written = lines({ level: 'warn' }, (log) => {
      log.debug('d');
      log.info('i');
      log.warn('w');
      log.error('e');
    });
    expect(written.map((line) => / level=(\w+) source=\S+ msg=(\w)/.exec(line)?.slice(1))).toEqual([
      ['WARN', 'w'],
      ['ERROR', 'e'],
    ]);
  });

  it('writes JSON when told to', () => {
    const [line = ''] = lines({ format: 'json' }, (log) => log.error('Broken', { err: new Error('why'), n: 1 }));
    expect(JSON.parse(line)).toEqual({
      time: expect.any(String),
      level: 'ERROR',
      source: expect.stringMatching(/^log\.spec\.ts:\d+$/),
      msg: 'Broken',
      err: 'why',
      n: 1,
    });
  });

  it('calls its places as it was told', () => {
    const sourceOf = (file: string, line: string) => `${file.replace('.spec', '')} line ${line.length}`;
    const [line] = lines({ sourceOf }, (log) => log.child({}).info('m'));
    expect(line).toMatch(/ source="log\.ts line [23]" /);
  });

  it('adds the fields of a child to every line', () => {
    const [line] = lines({}, (log) => log.child({ app: 'notifier' }).child({ part: 'x' }).info('m', { n: 1 }));
    expect(line).toContain(' msg=m app=notifier part=x n=1\n');
  });
});

describe('reasonOf', () => {
  it.each([
    [new Error('a'), 'a'],
    [new Error('a', { cause: new Error('b', { cause: 'c' }) }), 'a: b: c'],
    [new TypeError(), 'TypeError'],
    ['text', 'text'],
    [undefined, 'undefined'],
  ])('reasonOf(%s)', (error, text) => expect(reasonOf(error)).toBe(text));
});

describe('onReasonChange', () => {
  it('says a failure again only when its reason changes, and its end only when there was one', () => {
    const [error, info] = [vi.fn(), vi.fn()];
    const failure = onReasonChange({ ...nullLog, error, info });
    failure.recovered('Works');
    for (const reason of ['away', 'away', 'full', 'full', 'away'])
      failure.failed('Broken', new Error(reason), { n: 1 });
    failure.recovered('Works');
    failure.recovered('Works');
    failure.failed('Broken', new Error('away'));
    expect(error.mock.calls.map(([, { err }]) => err as string)).toEqual(['away', 'full', 'away', 'away']);
    expect(info.mock.calls).toEqual([['Works', undefined]]);
  });
});
