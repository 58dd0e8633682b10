import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Alertmanager } from '../support/alertmanager';
import { type Answer, ask, type Request, startOurApi } from '../support/our-api';
import { Started } from '../support/started';
import { waitFor } from '../support/wait-for';

/** The same requests to our API and to Debian's Alertmanager (0.25): status and body must be the same, but for what
 *  later versions changed (`sinceThen`) and the differences listed at the end. */

const peerConfig = `
route:
  receiver: default
  group_by: [alertname]
  routes:
  - { receiver: team, matchers: ['severity="critical"'], continue: true }
  - { receiver: crit<1>, matchers: ['severity="critical"'], group_by: [severity] }
receivers: [{ name: default }, { name: team }, { name: crit<1> }, { name: unused }]
`;

const started = new Started();
afterAll(() => started.stopAll());

let peerUrl: string;
let ourUrl: string;

beforeAll(async () => {
  peerUrl = (await started.add(Alertmanager.start(peerConfig))).url;
  const ours = await startOurApi();
  await started.add({ stop: () => ours.close() });
  ourUrl = `http://127.0.0.1:${(await ours.listen({ host: '127.0.0.1', port: 0 })).port}`;
});

/** Our answer without what 0.25 did not have yet, and both without what varies: the time of the request, the order in
 *  which it names methods. */
function sinceThen(answer: Answer): Answer {
  const body = answer.body
    .replace('[POST,GET]', '[GET,POST]')
    .replaceAll('"mutedBy":[],', '')
    .replaceAll(',"routeLabels":{}', '')
    .replace(/"labels":\{"name":"[^"]*"\},"name"/g, '"name"')
    .replace(/"updatedAt":"[^"]*"/g, '"updatedAt":""');
  return { ...answer, allow: answer.allow?.split(',').sort().join() ?? null, body };
}

async function expectSame(request: Request): Promise<Answer> {
  const [theirs, our] = await Promise.all([ask(peerUrl, request), ask(ourUrl, request)]);
  expect(sinceThen(our), JSON.stringify(request)).toEqual(sinceThen(theirs));
  return theirs;
}

const post = (body: string): Request => ({ method: 'POST', path: '/api/v2/alerts', body });
const get = (path: string, headers?: Record<string, string>): Request => ({
  method: 'GET',
  path,
  ...(headers && { headers }),
});

describe('our API beside Alertmanager 0.25', () => {
  const alert = (rest: string) => `[{"labels":{"alertname":"Bad"},${rest}}]`;

  it.each([
    ...[
      '[',
      '[{',
      '{}',
      '"x"',
      '1',
      'true',
      '',
      ' ',
      'x',
      '[tru]',
      '[nul',
      '[01]',
      '[1.]',
      '[-]',
      '[1e]',
      '[é]',
      "[']",
    ],
    ...['[{a:1}]', '[{"labels" 1}]', '[{"labels":{"a":"b"}} x]', '[{"labels":{"a":"b"},}]', '[{"labels":{"a":"b}}]'],
    ...['[{"labels":{"a":"\\q"}}]', '[{"labels":{"a":"\\u12x4"}}]', '[{"labels":{"a":"\n"}}]'],
    ...['[{}]', '[{"labels":null}]', '[{"labels":{}}]', '[{"labels":[]}]', '[{"labels":"x"}]', '[{"labels":{"a":1}}]'],
    ...['[{"labels":{"a":{}}}]', '[{"labels":{"a":true}}]', '[{"labels":{"a":null}}]', '[{"labels":{"a":""}}]'],
    ...['[{"labels":{"":"b"}}]', '[{"labels":{"a":"b"},"annotations":{"":"x"}}]', '[{"labels":"x"},5]'],
    ...[alert('"annotations":5'), alert('"annotations":{"x":5}'), alert('"startsAt":5'), alert('"endsAt":{}')],
    ...[alert('"generatorURL":"x y"'), alert('"generatorURL":"foo"'), alert('"generatorURL":5')],
    ...[alert('"generatorURL":"http://x/%zz"'), alert('"generatorURL":"foo"},{"a":1'), '[{"generatorURL":"foo"}]'],
    alert('"startsAt":"2030-01-01T00:00:00Z","endsAt":"2029-01-01T00:00:00Z"'),
  ])('refuses %j alike', async (body) => {
    expect((await expectSame(post(body))).status).toBeGreaterThanOrEqual(400);
  });

  it.each<Request>([
    get('/api/v2/nope'),
    get('/api/v2/'),
    get('/nope'),
    { method: 'PUT', path: '/api/v2/alerts' },
    { method: 'OPTIONS', path: '/api/v2/alerts' },
    { method: 'DELETE', path: '/api/v2/silences' },
    { method: 'POST', path: '/api/v2/status', body: '{}' },
    { method: 'POST', path: '/api/v2/alerts' },
    { ...post('[]'), headers: { 'content-type': 'text/plain' } },
    { ...post('[]'), headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' } },
    get('/api/v2/alerts', { accept: 'text/html' }),
    get('/api/v2/silence/xx'),
    get('/api/v2/silence/11111111-1111-1111-1111-111111111111'),
    get('/api/v2/alerts?filter=bad'),
    get('/api/v2/alerts?filter=a=~"["'),
    get('/api/v2/alerts?receiver=%5Bx'),
    get('/api/v2/alerts/groups?receiver=a**'),
  ])('refuses $method $path alike', async (request) => {
    expect((await expectSame(request)).status).toBeGreaterThanOrEqual(400);
  });

  describe('with the same alerts', () => {
    const times = '"startsAt":"2026-01-01T02:00:00.123456+02:00","endsAt":"2999-12-31T23:59:59Z"';
    const good = [
      `{"labels":{"alertname":"A<&>\u2028","severity":"critical","z":"é🙂"},"annotations":{"b":"2","a":""},${times},"generatorURL":"http://x/?a=1&b=<2>"}`,
      `{"labels":{"alertname":"B","instance":"2","empty":""},${times}}`,
      `{"labels":{"alertname":"B","instance":"1","__proto__":"p","constructor":"c"},${times},"generatorURL":"/a b"}`,
      `{"labels":{"alertname":"B","job":"j","instance":"3"},${times},"unknown":[{}]}`,
      `{"Labels":{"alertname":"C","a":"\\ud800"},"STARTSAT":"2026-01-01 02:03:04","endsAt":"2999-12-31 23:59:59"}`,
      `{"labels":{"alertname":"Ended"},"startsAt":"2020-01-01T00:00:00Z","endsAt":"2020-01-01T00:00:01Z"}`,
    ];

    beforeAll(async () => {
      for (const body of ['null', '[] x', '[]]', `[${good.join(',')}]`]) {
        expect(await expectSame(post(body))).toMatchObject({ status: 200, body: '' });
      }
      // The peer fills its groups a moment after its answer.
      const groups = () => ask(peerUrl, get('/api/v2/alerts/groups'));
      await waitFor('the peer to group', async () => (await groups()).body.includes('"alertname":"C"'));
    });

    it.each([
      '/api/v2/alerts',
      '/api/v2/alerts/',
      '/api/v2/alerts/groups',
      '/api/v2/receivers',
      '/api/v2/silences',
      '/api/v2/alerts?filter=alertname=B&filter=instance=~"1|3"',
      '/api/v2/alerts?filter=job=""',
      '/api/v2/alerts?filter=job!=""',
      '/api/v2/alerts?filter=job!~""',
      '/api/v2/alerts?filter=job=~""',
      '/api/v2/alerts?filter=__proto__=p',
      '/api/v2/alerts?receiver=team',
      '/api/v2/alerts?receiver=te',
      '/api/v2/alerts?receiver=te&receiver=.*',
      '/api/v2/alerts?active=false',
      '/api/v2/alerts?active=&silenced=no&inhibited=bogus',
      '/api/v2/alerts?active=false&active=Checked',
      '/api/v2/alerts/groups?receiver=team',
      '/api/v2/alerts/groups?filter=instance="1"',
      '/api/v2/alerts/groups?active=false',
    ])('answers %s alike', async (path) => {
      expect(await expectSame(get(path))).toMatchObject({ status: 200, type: 'application/json' });
    });
  });

  /** What differs, and why; a row that no longer differs must go. */
  it.each<[string, Request, Partial<Answer>]>([
    [
      '0.34 ends each message with a line break',
      post('[{"labels":{}},{"labels":{}}]'),
      { status: 400, body: '"at least one label pair required\\nat least one label pair required"\n' },
    ],
    ['0.34 takes UTF-8 label names', post('[{"labels":{"1é":"b"},"endsAt":"2020-01-01T00:00:00Z"}]'), { status: 200 }],
    [
      'its framework names an inner Go type here',
      post('[1]'),
      {
        status: 400,
        body: '{"code":400,"message":"parsing alerts body from \\"\\" failed, because json: cannot unmarshal number into Go value of type models.PostableAlert"}',
      },
    ],
    [
      '0.34 tries one more form of a time',
      post(alert('"startsAt":"x"')),
      {
        status: 400,
        body: '{"code":400,"message":"parsing alerts body from \\"\\" failed, because parsing time \\"x\\" as \\"2006-01-02\\": cannot parse \\"x\\" as \\"2006\\""}',
      },
    ],
    [
      '0.34 looks at braces first',
      get('/api/v2/alerts?filter={'),
      { status: 400, body: '"unexpected open or close brace: {"\n' },
    ],
    ['0.27 removed the v1 API', get('/api/v1/alerts'), { status: 410 }],
    [
      '0.34 names its receivers’ labels',
      get('/api/v2/receivers'),
      { status: 200, body: expect.stringContaining('"labels":{"name":"team"}') as string },
    ],
  ])('differs: %s', async (_, request, expected) => {
    const [theirs, our] = await Promise.all([ask(peerUrl, request), ask(ourUrl, request)]);
    expect(our).toMatchObject(expected);
    expect(our).not.toEqual(theirs);
  });

  it('differs: it drops the connection for a null alert, we say what is wrong', async () => {
    await expect(ask(peerUrl, post('[null]'))).rejects.toThrow();
    expect(await ask(ourUrl, post('[null]'))).toMatchObject({
      status: 422,
      body: '{"code":602,"message":"0 in body is required"}',
    });
  });
});
