import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alertmanager } from '../support/alertmanager';
import { type Answer, ask, type Request, startOurApi } from '../support/our-api';
import { Started } from '../support/started';

/** The same requests about silences to our API and to Debian's Alertmanager (0.25): status and body must be the same, but
 *  for what varies and the differences listed at the end. */

const started = new Started();
afterAll(() => started.stopAll());

let peerUrl: string;
let ourUrl: string;

beforeAll(async () => {
  const peerConfig = 'route: { receiver: default }\nreceivers: [{ name: default }]\n';
  peerUrl = (await started.add(Alertmanager.start(peerConfig))).url;
  const ours = await startOurApi();
  await started.add({ stop: () => ours.close() });
  ourUrl = `http://127.0.0.1:${(await ours.listen({ host: '127.0.0.1', port: 0 })).port}`;
});

/** What varies: ids, times of the request, and the order in which methods are named. */
function comparable(answer: Answer): Answer {
  const body = answer.body
    .replace(/\[(?:POST,GET|DELETE,GET)\]/, (list) => `[${list.slice(1, -1).split(',').reverse().join()}]`)
    .replace(/"id":"[^"]*"/g, '"id":""')
    .replace(/"silenceID":"[\da-f-]{36}"/, '"silenceID":""')
    .replace(/"updatedAt":"[^"]*"/g, '"updatedAt":""')
    .replace(/"(startsAt|endsAt)":"20\d\d-[^"]*"/g, '"$1":"now"');
  return { ...answer, allow: answer.allow?.split(',').sort().join() ?? null, body };
}

function listed(answer: Answer): readonly string[] {
  return (JSON.parse(comparable(answer).body) as unknown[]).map((silence) => JSON.stringify(silence)).sort();
}

async function expectSame(request: Request): Promise<Answer> {
  const [theirs, our] = await Promise.all([ask(peerUrl, request), ask(ourUrl, request)]);
  expect(comparable(our), JSON.stringify(request)).toEqual(comparable(theirs));
  return theirs;
}

const post = (body: string): Request => ({ method: 'POST', path: '/api/v2/silences', body });
const get = (path: string): Request => ({ method: 'GET', path: `/api/v2${path}` });
const call = (method: string, path: string): Request => ({ method, path: `/api/v2${path}` });

const MATCHERS = '"matchers":[{"name":"a","value":"b","isRegex":false}]';
const TIMES = '"startsAt":"2900-01-01T00:00:00Z","endsAt":"2999-01-01T00:00:00Z"';
const TEXTS = '"createdBy":"me","comment":"c"';
const GOOD = `${MATCHERS},${TIMES},${TEXTS}`;
const unknownId = '11111111-1111-1111-1111-111111111111';

describe('our silences beside those of Alertmanager 0.25', () => {
  it.each([
    ...['null', '[]', '[{}]', '"x"', '1', 'true', '{}', '', ' ', 'x', '{', `{${GOOD}`, '{"comment":1x}', '{a:1}'],
    // Types: the id first, times before all others, then in the order of the body.
    ...['{"id":5}', '{"id":null}', '{"comment":5,"id":6}', '{"comment":5}', '{"createdBy":{}}', '{"createdBy":[1]}'],
    ...['{"startsAt":5}', '{"startsAt":{}}', '{"startsAt":[]}', '{"comment":5,"startsAt":true}', '{"endsAt":null}'],
    ...['{"matchers":5}', '{"matchers":{}}', '{"matchers":"x"}', '{"matchers":[5]}', '{"matchers":["x"]}'],
    ...[
      '{"matchers":[[]]}',
      '{"matchers":[{"name":5}]}',
      '{"matchers":[{"value":[]}]}',
      '{"matchers":[{"isRegex":"true"}]}',
    ],
    ...['{"matchers":[{"isEqual":1}]}', '{"comment":5,"createdBy":{}}', '{"createdBy":{},"comment":5}'],
    ...['{"matchers":[{"name":1}],"comment":5}', `{"Comment":5,${GOOD}}`, '{"MATCHERS":[{"NAME":5}]}'],
    // What is required.
    ...[
      '{"comment":null}',
      '{"comment":""}',
      '{"comment":"","createdBy":""}',
      '{"comment":"","createdBy":"","endsAt":""}',
    ],
    `{${TEXTS},${TIMES}}`,
    `{${TEXTS},${TIMES},"matchers":null}`,
    `{${TEXTS},${TIMES},"matchers":[]}`,
    `{${TEXTS},${TIMES},"matchers":[{}]}`,
    `{${TEXTS},${TIMES},"matchers":[{"isRegex":null,"name":"a","value":"b"}]}`,
    `{${TEXTS},${TIMES},"matchers":[{"isRegex":false}]}`,
    `{${TEXTS},${TIMES},"matchers":[{"isRegex":false,"name":""}]}`,
    `{${TEXTS},${TIMES},"matchers":[{"isRegex":false,"name":"a","value":"b"},{"isRegex":true,"value":""}]}`,
    `{${TEXTS},"endsAt":"",${MATCHERS}}`,
    // Times that cannot be.
    `{${TEXTS},${MATCHERS},"startsAt":"","endsAt":""}`,
    `{${TEXTS},${MATCHERS},"startsAt":"2900-01-01T00:00:00Z","endsAt":""}`,
    `{${TEXTS},${MATCHERS},"startsAt":"2900-01-01T00:00:00Z","endsAt":"2900-01-01T00:00:00Z"}`,
    `{${TEXTS},${MATCHERS},"startsAt":"2900-01-02T00:00:00Z","endsAt":"2900-01-01T00:00:00Z"}`,
    `{${TEXTS},${MATCHERS},"startsAt":"0001-01-01T00:00:00Z","endsAt":"0001-01-01T00:00:00Z"}`,
    `{${TEXTS},${MATCHERS},"startsAt":"2001-01-01T00:00:00Z","endsAt":"2002-01-01T00:00:00Z"}`,
    `{${TEXTS},${MATCHERS},"startsAt":"","endsAt":"2002-01-01 00:00:00"}`,
    // Unknown ids.
    `{"id":"x",${GOOD}}`,
    `{"ID":"${unknownId}",${GOOD}}`,
  ])('refuses %j alike', async (body) => {
    expect((await expectSame(post(body))).status).toBeGreaterThanOrEqual(400);
  });

  it.each<Request>([
    get('/silence/xx'),
    get('/silence/x%22y'),
    get(`/silence/${unknownId}`),
    get(`/silence/${unknownId.replaceAll('-', '')}`),
    get('/silence/ABCDEFAB-1111-1111-1111-111111111111'),
    get(`/silence/urn:uuid:${unknownId}`),
    get(`/silence/%7B${unknownId}%7D`),
    get('/silence/1111111-11111-1111-1111-111111111111'),
    get('/silence/'),
    get('/silences?filter=bad'),
    get('/silences?filter='),
    get('/silences?filter=a=b&filter=a=~"["'),
    call('DELETE', '/silence/xx'),
    call('PUT', '/silences'),
    call('DELETE', '/silences'),
    call('PATCH', `/silence/${unknownId}`),
    call('POST', `/silence/${unknownId}`),
    call('OPTIONS', '/silence/x'),
    call('POST', '/silences'),
    { ...post(`{${GOOD}}`), headers: { 'content-type': 'text/plain' } },
    { ...get('/silences'), headers: { accept: 'text/html' } },
  ])('refuses $method $path alike', async (request) => {
    expect((await expectSame(request)).status).toBeGreaterThanOrEqual(400);
  });

  it('lists none as []', async () => expect((await expectSame(get('/silences'))).body).toBe('[]\n'));

  describe('with the same silences', () => {
    /** Ids there and here. */
    const ids: [string, string][] = [];

    async function both(request: (id: string) => Request): Promise<Answer> {
      const [theirs, ours] = ids.at(-1)!;
      const [theirAnswer, ourAnswer] = await Promise.all([ask(peerUrl, request(theirs)), ask(ourUrl, request(ours))]);
      expect(comparable(ourAnswer)).toEqual(comparable(theirAnswer));
      return ourAnswer;
    }

    async function make(body: string): Promise<void> {
      const [theirs, ours] = await Promise.all([ask(peerUrl, post(body)), ask(ourUrl, post(body))]);
      expect([theirs.status, ours.status]).toEqual([200, 200]);
      expect(comparable(ours)).toEqual(comparable(theirs));
      ids.push([idIn(theirs), idIn(ours)]);
    }

    const idIn = ({ body }: Answer) => (JSON.parse(body) as { silenceID: string }).silenceID;

    beforeAll(async () => {
      const bodies = [
        `{${GOOD}}`,
        `{"id":"",${TEXTS},${TIMES.replace('2900', '2901')},"matchers":[{"name":"a","value":"<b>&\u2028é🙂","isRegex":true}]}`,
        `{"id":null,${TEXTS},${TIMES.replace('2900', '2902')},"matchers":[{"name":"a","value":"x*","isRegex":true,"isEqual":false}]} x`,
        `{"COMMENT":"<&>","createdBy":"","startsAt":"","endsAt":"2998-01-01T00:00:00.123456Z",${MATCHERS},"unknown":[{}]}`,
        `{${TEXTS},${MATCHERS.replace('false', 'false,"isEqual":false')},"startsAt":"0001-01-01T00:00:00Z","endsAt":"2997-01-01 00:00:00"}`,
        `{${TEXTS},"matchers":[{"name":"a","value":"","isRegex":false},{"name":"b","value":"\\ud800","isRegex":false,"isEqual":null}],"startsAt":"2001-01-01 00:00:00","endsAt":"2996-01-01T00:00:00"}`,
        `{${TEXTS},${TIMES.replace('2900', '2903')},"matchers":[{"name":"c","value":"","isRegex":false,"isEqual":false}]}`,
      ];
      for (const body of bodies) await make(body);
    });

    it.each([
      '/silences',
      '/silences/',
      '/silences?filter=a=b',
      '/silences?filter=a="b"',
      '/silences?filter=a=~b',
      '/silences?filter=a!=b',
      '/silences?filter=a=""&filter=b!=x',
      '/silences?filter=a=""',
      '/silences?filter=a!~"x*"',
      '/silences?filter=c!=""',
      '/silences?filter=nothing=here',
      '/silences?active=true&expired=&pending=Yes',
    ])('answers %s alike', async (path) => {
      expect(await expectSame(get(path))).toMatchObject({ status: 200, type: 'application/json' });
    });

    it('shows, changes, replaces and ends one alike', async () => {
      await both((id) => get(`/silence/${id}`));
      await make(`{${TEXTS},${MATCHERS},"startsAt":"2001-01-01T00:00:00Z","endsAt":"2995-01-01T00:00:00Z"}`);
      const made = JSON.parse((await both((id) => get(`/silence/${id}`))).body) as { startsAt: string };
      const shape = (id: string, rest: string) => post(`{"id":"${id}",${rest}}`);
      const replaced = await both((id) =>
        shape(id, `${TEXTS},${TIMES},"matchers":[{"name":"d","value":"e","isRegex":false}]`),
      );
      expect(idIn(replaced)).not.toBe(ids.at(-1)?.[1]);
      expect((await both((id) => get(`/silence/${id}`))).body).toContain('"state":"expired"');
      const revived = await both((id) =>
        shape(id, `${TEXTS},${MATCHERS},"startsAt":"${made.startsAt}","endsAt":"2994-01-01T00:00:00Z"`),
      );
      expect(idIn(revived)).not.toBe(ids.at(-1)?.[1]);

      await make(`{${GOOD}}`);
      const updated = await both((id) => shape(id, GOOD.replace('"c"', '"changed"').replace('2900', '2904')));
      expect(idIn(updated)).toBe(ids.at(-1)?.[1]);
      await both((id) => get(`/silence/${id}`));
      for (let times = 0; times < 2; times++) {
        expect(await both((id) => call('DELETE', `/silence/${id}`))).toMatchObject({
          status: 200,
          body: '',
          type: null,
        });
      }
      expect((await both((id) => get(`/silence/${id}`))).body).toContain('"state":"expired"');
      // Those that begin at the same time come in any order.
      const [theirs, our] = await Promise.all([ask(peerUrl, get('/silences')), ask(ourUrl, get('/silences'))]);
      expect(listed(our)).toEqual(listed(theirs));
    });
  });

  const invalid = (matchers: string) => post(`{${TEXTS},${TIMES},"matchers":[${matchers}]}`);
  const refused = (reason: string) => ({ status: 400, body: `${JSON.stringify(`invalid silence: ${reason}`)}\n` });

  /** What differs, and why; a row that no longer differs must go. */
  it.each<[string, Request, Partial<Answer>]>([
    [
      '0.34 answers 404 to the end of an unknown silence',
      call('DELETE', `/silence/${unknownId}`),
      { status: 404, body: '' },
    ],
    [
      '0.34 names the set of matchers: a name',
      invalid('{"name":"","value":"b","isRegex":false}'),
      refused('invalid label matcher 0 in set 0: invalid label name ""'),
    ],
    [
      'a regex',
      invalid('{"name":"a","value":"x","isRegex":false},{"name":"a","value":"[","isRegex":true,"isEqual":false}'),
      refused(
        'invalid label matcher 1 in set 0: invalid regular expression "[": error parsing regexp: missing closing ]: `[`',
      ),
    ],
    [
      'a regex that compiles only between anchors',
      invalid('{"name":"a","value":"a)(?:b","isRegex":true}'),
      refused(
        'invalid label matcher 0 in set 0: invalid regular expression "a)(?:b": error parsing regexp: unexpected ): `a)(?:b`',
      ),
    ],
    [
      'a match of everything',
      invalid('{"name":"a","value":"x*","isRegex":true},{"name":"b","value":"","isRegex":false}'),
      refused('matcher set 0: at least one matcher must not match the empty string'),
    ],
    ['0.34 takes UTF-8 label names', invalid('{"name":"1é","value":"b","isRegex":false}'), { status: 200 }],
    [
      '0.34 has annotations',
      post('{"annotations":5}'),
      {
        status: 400,
        body: '{"code":400,"message":"parsing silence body from \\"\\" failed, because json: cannot unmarshal number into Go struct field Silence.annotations of type models.LabelSet"}',
      },
    ],
    [
      '0.34 tries one more form of a time',
      post('{"comment":5,"endsAt":"x"}'),
      {
        status: 400,
        body: '{"code":400,"message":"parsing silence body from \\"\\" failed, because parsing time \\"x\\" as \\"2006-01-02\\": cannot parse \\"x\\" as \\"2006\\""}',
      },
    ],
    ['0.34 filters by state', get('/silences?active=false&pending=0&expired=no'), { status: 200, body: '[]\n' }],
    [
      '0.34 looks at braces first',
      get('/silences?filter={'),
      { status: 400, body: '"unexpected open or close brace: {"\n' },
    ],
  ])('differs: %s', async (_, request, expected) => {
    const [theirs, our] = await Promise.all([ask(peerUrl, request), ask(ourUrl, request)]);
    expect(our).toMatchObject(expected);
    expect(our).not.toEqual(theirs);
  });

  it('differs: 0.34 tells times in UTC, and annotations', async () => {
    const body = `{${TEXTS},${MATCHERS},"startsAt":"2900-01-01T02:00:00+02:00","endsAt":"2999-01-01T00:00:00-01:30","annotations":{"b":"<","a":""}}`;
    const shown = async (url: string) => {
      const { silenceID } = JSON.parse((await ask(url, post(body))).body) as { silenceID: string };
      return (await ask(url, get(`/silence/${silenceID}`))).body;
    };
    expect(await shown(ourUrl)).toMatch(
      /"annotations":\{"a":"","b":"\\u003c"\},"comment":"c",.*"endsAt":"2999-01-01T01:30:00.000Z",.*"startsAt":"2900-01-01T00:00:00.000Z"\}/,
    );
    expect(await shown(peerUrl)).toContain('"startsAt":"2900-01-01T02:00:00.000+02:00"');
  });

  it('differs: it drops the connection for a null matcher, we say what is wrong', async () => {
    await expect(ask(peerUrl, invalid('null'))).rejects.toThrow();
    expect(await ask(ourUrl, invalid('null'))).toMatchObject({
      status: 422,
      body: '{"code":602,"message":"matchers.0 in body is required"}',
    });
  });
});
