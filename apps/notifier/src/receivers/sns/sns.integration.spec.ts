import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, HttpPeer, type ReceivedRequest } from '@tocsin/common/http/testing/http-peer';
import { TestAuthority } from '@tocsin/common/http/testing/certificates';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { BROKEN, fakeTemplates } from '../../templates/testing/fake-templates';
import { type Integration } from '../integration';
import { aNotification, manyAlerts } from '../integration.contract';
import { builtIntegration } from '../testing/built-integration';

const SECRET = 'canary-0123456789';
const sigv4 = { region: 'eu-west-1', access_key: 'AKIDEXAMPLE', secret_key: SECRET };
const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';
const { signal } = new AbortController();

const success: Answer = (_, response) =>
  response.end(
    `<PublishResponse xmlns="${NAMESPACE}"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>`,
  );

const refusal =
  (status: number, code: string, headers = {}): Answer =>
  (_, response) =>
    response
      .writeHead(status, headers)
      .end(
        `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code><Message>why</Message></Error>` +
          '<RequestId>1</RequestId></ErrorResponse>',
      );

describe('the sns integration', () => {
  let answer: Answer;
  let peer: HttpPeer;
  let integrations: Integration[];

  beforeEach(async () => {
    // Nothing of this machine's may count.
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
    for (const name of ['AWS_REGION', 'AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) {
      vi.stubEnv(name, undefined);
    }
    answer = success;
    peer = await HttpPeer.start((...rest) => answer(...rest));
    integrations = [];
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await Promise.all(integrations.map((integration) => integration.close()));
    await peer.stop();
  });

  function built(own: object = {}, context: Parameters<typeof builtIntegration>[2] = {}): Integration {
    const entry = { api_url: peer.origin(), topic_arn: 'arn:aws:sns:eu-west-1:1:ops', sigv4, ...own };
    const integration = builtIntegration('sns', entry, context);
    integrations.push(integration);
    return integration;
  }

  async function toldOf(integration: Integration, until = signal): Promise<DeliveryOutcome> {
    const outcome = await integration.notify(aNotification(), until);
    expect(JSON.stringify(outcome)).not.toContain(SECRET);
    return outcome;
  }

  const formOf = ({ body }: ReceivedRequest): Record<string, string> => Object.fromEntries(new URLSearchParams(body));

  it('knows who it is', () => {
    const { kind, key } = built();
    expect({ kind, key }).toEqual({ kind: 'sns', key: 'team/sns/0' });
  });

  it('publishes, signed', async () => {
    expect(await toldOf(built({ attributes: { severity: 'page' } }))).toEqual({ kind: 'delivered' });
    expect(peer.only.headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/sns\/aws4_request, SignedHeaders=\S*host\S*, Signature=[0-9a-f]{64}$/,
    );
    expect(formOf(peer.only)).toEqual({
      Action: 'Publish',
      Version: '2010-03-31',
      TopicArn: 'arn:aws:sns:eu-west-1:1:ops',
      Subject: 'sns.default.subject',
      Message: 'sns.default.message',
      'MessageAttributes.entry.1.Name': 'severity',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'MessageAttributes.entry.1.Value.StringValue': 'page',
    });
  });

  it('sends a plain message when a template fails', async () => {
    expect(await toldOf(built({ message: '{{ broken }}' }))).toEqual({ kind: 'delivered', degraded: BROKEN });
    expect(formOf(peer.only)).toMatchObject({
      Subject: '[FIRING:1] DiskFull',
      Message: expect.stringContaining('it is broken'),
    });
  });

  it('tells of ten thousand alerts', async () => {
    const templates = fakeTemplates({ huge: '😀ä"\\<&>\u2028'.repeat(20_000) });
    const integration = built({ message: '{{ huge }}', subject: '{{ huge }}' }, { templates });
    const outcome = await integration.notify(aNotification({ alerts: manyAlerts() }), signal);
    expect(outcome).toEqual({ kind: 'delivered' });
    const { Message = '', Subject } = formOf(peer.only);
    expect(Buffer.byteLength(Message)).toBeLessThanOrEqual(256 * 1024);
    expect(`${Message}${Subject}`).not.toContain('\ufffd');
  });

  it.each([
    [500, 'InternalError', { kind: 'retryable', reason: 'serverError' }],
    [503, 'ServiceUnavailable', { kind: 'retryable', reason: 'serverError' }],
    [400, 'Throttling', { kind: 'retryable', reason: 'rateLimited' }],
    [400, 'InvalidParameter', { kind: 'rejected', reason: 'clientError' }],
    [403, 'AuthorizationError', { kind: 'rejected', reason: 'authError' }],
    [404, 'NotFound', { kind: 'rejected', reason: 'clientError' }],
  ])('is refused with %i %s', async (status, code, outcome) => {
    answer = refusal(status, code);
    expect(await toldOf(built())).toEqual({ ...outcome, message: `unexpected status code ${status}: why` });
    expect(peer.requests.length).toBe(1);
  });

  it('waits as long as it is asked to', async () => {
    answer = refusal(503, 'ServiceUnavailable', { 'retry-after': '7' });
    expect(await toldOf(built())).toMatchObject({ kind: 'retryable', retryAfterMs: 7_000 });
  });

  it.each<[string, Answer]>([
    ['breaks the connection', (_, response) => response.destroy()],
    ['does not speak HTTP', (_, __, incoming) => incoming.socket.end('nonsense\r\n\r\n')],
  ])('tries again when the service %s', async (_, failing) => {
    answer = failing;
    expect(await toldOf(built())).toMatchObject({ kind: 'retryable', reason: 'other', mayBeHeard: true });
  });

  it.each<[number, string]>([
    [502, 'retryable'],
    [403, 'rejected'],
  ])('goes by the status %i of a page', async (status, kind) => {
    answer = (_, response) => response.writeHead(status).end('<html>no</html>');
    expect(await toldOf(built())).toMatchObject({ kind, message: expect.stringContaining(String(status)) });
  });

  it('tries again when nobody listens', async () => {
    expect(await toldOf(built({ api_url: 'http://127.0.0.1:1' }))).toMatchObject({
      kind: 'retryable',
      reason: 'other',
    });
  });

  it('shows no secret that is sent back', async () => {
    answer = ({ headers }, response) => response.writeHead(400).end(`${SECRET} ${headers['authorization']}`);
    const outcome = await toldOf(built());
    expect(outcome).toMatchObject({ kind: 'rejected' });
    expect(JSON.stringify(outcome)).not.toContain('AKIDEXAMPLE');
  });

  it('ends when the time is up', async () => {
    answer = () => {};
    expect(await toldOf(built(), AbortSignal.timeout(300))).toMatchObject({
      kind: 'retryable',
      reason: 'contextDeadlineExceeded',
    });
  });

  it('ends when it is cancelled', async () => {
    const cancelled = new AbortController();
    answer = () => cancelled.abort();
    const integration = built();
    expect(await toldOf(integration, cancelled.signal)).toMatchObject({
      kind: 'retryable',
      reason: 'contextCanceled',
      mayBeHeard: true,
    });
    expect(await toldOf(integration, cancelled.signal)).toMatchObject({ reason: 'contextCanceled' });
  });

  it('needs a region', async () => {
    expect(await toldOf(built({ sigv4: { ...sigv4, region: '' } }))).toEqual({
      kind: 'retryable',
      reason: 'other',
      message: 'region not configured in sns.sigv4.region or in default credentials chain',
    });
  });

  it('takes region and keys from the environment', async () => {
    vi.stubEnv('AWS_REGION', 'us-east-2');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDOTHER');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', SECRET);
    expect(await toldOf(built({ sigv4: null }))).toEqual({ kind: 'delivered' });
    expect(peer.only.headers['authorization']).toMatch(/Credential=AKIDOTHER\/\d{8}\/us-east-2\/sns\//);
  });

  it('takes region and keys from a profile', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-sns-'));
    const file = join(folder, 'config');
    const keys = `aws_access_key_id = AKIDPROFILE\naws_secret_access_key = ${SECRET}\n`;
    writeFileSync(file, `[profile ops]\nregion = eu-north-1\n${keys}`);
    vi.stubEnv('AWS_CONFIG_FILE', file);
    expect(await toldOf(built({ sigv4: { profile: 'ops' } }))).toEqual({ kind: 'delivered' });
    expect(peer.only.headers['authorization']).toMatch(/Credential=AKIDPROFILE\/\d{8}\/eu-north-1\/sns\//);
    rmSync(folder, { recursive: true });
  });

  it('says that there are no credentials', async () => {
    const outcome = await toldOf(built({ sigv4: { region: 'eu-west-1' } }));
    expect(outcome).toMatchObject({
      kind: 'retryable',
      reason: 'other',
      message: expect.stringMatching(/credentials/i),
    });
  });

  it('assumes a role', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_STS', `${peer.origin()}/sts`);
    answer = (request, response, incoming) => {
      if (!request.target.startsWith('/sts')) return success(request, response, incoming);
      response.end(
        '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>' +
          `<AccessKeyId>AKIDROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>${SECRET}</SessionToken>` +
          '<Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>',
      );
    };
    const integration = built({ sigv4: { ...sigv4, role_arn: 'arn:aws:iam::1:role/r', external_id: 'x' } });
    expect(await toldOf(integration)).toEqual({ kind: 'delivered' });
    expect(await toldOf(integration)).toEqual({ kind: 'delivered' });
    // The role is assumed once.
    const [role, ...published] = peer.requests;
    expect(role && formOf(role)).toMatchObject({
      Action: 'AssumeRole',
      RoleArn: 'arn:aws:iam::1:role/r',
      ExternalId: 'x',
    });
    expect(role?.headers['authorization']).toContain('Credential=AKIDEXAMPLE/');
    expect(published.map(({ headers }) => headers['x-amz-security-token'])).toEqual([SECRET, SECRET]);
    expect(published[0]?.headers['authorization']).toContain('Credential=AKIDROLE/');
  });

  it('sends as its http_config says, but for the client of AWS', async () => {
    const http_config = { http_headers: { 'X-Team': { values: ['ops'] } } };
    expect(await toldOf(built({ http_config }))).toEqual({ kind: 'delivered' });
    expect(await toldOf(built({ http_config, use_aws_http_client: true }))).toEqual({ kind: 'delivered' });
    expect(peer.requests.map(({ headers }) => headers['x-team'])).toEqual(['ops', undefined]);
  });

  it('trusts the authorities of AWS_CA_BUNDLE', async () => {
    const authority = new TestAuthority();
    const tls = authority.issue('sns', 'IP:127.0.0.1');
    const secured = await HttpPeer.start((...rest) => answer(...rest), tls);
    const own = { api_url: secured.origin() };
    expect(await toldOf(built(own))).toMatchObject({ kind: 'retryable', reason: 'other' });
    const environment = { AWS_CA_BUNDLE: authority.caFile };
    expect(await toldOf(built(own, { environment }))).toEqual({ kind: 'delivered' });
    await secured.stop();
    authority.remove();
  });

  it('cannot be built with a TLS file that is missing', () => {
    expect(() => built({ http_config: { tls_config: { ca_file: '/nowhere' } } })).toThrow('unable to read CA cert');
  });
});
