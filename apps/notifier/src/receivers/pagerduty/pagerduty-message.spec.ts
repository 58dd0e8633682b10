import { describe, expect, it } from 'vitest';
import { fakeTemplates } from '../../templates/testing/fake-templates';
import { type Notification } from '../integration';
import { anAlert } from '../integration.contract';
import { configOf, made } from '../testing/built-integration';
import { eventV1, eventV2 } from './pagerduty-message';

const KEY_HASH = '17c4e445d234645c9e547ff6d32a864af0ebdadcd1902771c24c8d366637ff41';
const detailTemplates = {
  '.Alerts.Firing | toJson': '[{"status":"firing","n":"1"}]',
  '.Alerts.Resolved | toJson': '[]',
  '.Alerts.Firing | len': '1',
  '.Alerts.Resolved | len': '0',
};

type Rest = [notification?: Partial<Notification>, values?: Record<string, string>];
const v2 = (own: object, notification: Rest[0] = {}, values: Rest[1] = {}): string => {
  const config = configOf('pagerduty', { routing_key: 'r', ...own });
  return made(
    (rendering) => eventV2(config, 'R', rendering),
    notification,
    fakeTemplates({ ...detailTemplates, ...values }),
  );
};
const v1 = (own: object, notification: Rest[0] = {}, values: Rest[1] = {}): string => {
  const config = configOf('pagerduty', { service_key: 's', ...own });
  return made(
    (rendering) => eventV1(config, 'S', rendering),
    notification,
    fakeTemplates({ ...detailTemplates, ...values }),
  );
};
const over = { alerts: [anAlert({ endsAtMs: 1 })] };

const DETAILS = '{"firing":[{"n":"1","status":"firing"}],"num_firing":1,"num_resolved":0,"resolved":[]}';
const CLIENT = '"client":"pagerduty.default.client","client_url":"pagerduty.default.clientURL"';

describe('eventV2', () => {
  it('triggers', () => {
    expect(v2({})).toBe(
      `{"routing_key":"R","dedup_key":"${KEY_HASH}","event_action":"trigger","payload":` +
        '{"summary":"pagerduty.default.description","source":"pagerduty.default.client","severity":"error",' +
        `"custom_details":${DETAILS}},${CLIENT}}\n`,
    );
  });

  it('resolves', () => {
    expect(JSON.parse(v2({}, over))).toMatchObject({ event_action: 'resolve', dedup_key: KEY_HASH });
  });

  it('has all that can be set', () => {
    const own = {
      client: '',
      client_url: '',
      description: 'd',
      source: 's',
      severity: '{{ severity }}',
      class: 'c1',
      component: 'c2',
      group: 'g',
      details: { firing: 'own', '{{ name }}': { '{{ name }}': ['{{ n }}', true] } },
      images: [{ src: 'i', alt: '{{ name }}', href: 'h' }, { src: '{{ nothing }}', alt: 'dropped' }, { src: 'j' }],
      links: [
        { href: 'l', text: '{{ name }}' },
        { href: '{{ nothing }}', text: 'dropped' },
      ],
    };
    const values = { severity: 'critical', name: 'x', n: '3', nothing: '' };
    expect(v2(own, {}, values)).toBe(
      `{"routing_key":"R","dedup_key":"${KEY_HASH}","event_action":"trigger","payload":` +
        '{"summary":"d","source":"s","severity":"critical","class":"c1","component":"c2","group":"g",' +
        '"custom_details":{"firing":"own","num_firing":1,"num_resolved":0,"resolved":[],"{{ name }}":{"x":[3,true]}}},' +
        '"images":[{"src":"i","alt":"x","href":"h"},{"src":"j","alt":"","href":""}],' +
        '"links":[{"href":"l","text":"x"}]}\n',
    );
  });

  it('cuts the summary', () => {
    const event = v2({ description: '{{ huge }}' }, {}, { huge: '😀'.repeat(2_000) });
    expect(JSON.parse(event)).toMatchObject({ payload: { summary: `${'😀'.repeat(1_023)}…` } });
  });

  it('leaves out details that make it larger than 512 kB', () => {
    const own = { details: { much: '{{ much }}' } };
    const size = Buffer.byteLength(v2(own, {}, { much: '' })) - 'null'.length + '""'.length;
    const fitting = v2(own, {}, { much: 'x'.repeat(512_000 - size) });
    expect(Buffer.byteLength(fitting)).toBe(512_000);
    expect(JSON.parse(v2(own, {}, { much: 'x'.repeat(512_001 - size) }))).toMatchObject({
      payload: {
        summary: 'pagerduty.default.description',
        custom_details: {
          error: 'Custom details have been removed because the original event exceeds the maximum size of 512KB',
        },
      },
    });
  });

  it('says what it can where a template fails', () => {
    const own = { details: { good: '{{ n }}', bad: '{{ broken }}' }, severity: '{{ broken }}', source: '{{ broken }}' };
    const { payload } = JSON.parse(v2(own, {}, { n: '3' })) as { payload: object };
    expect(payload).toEqual({
      summary: '[FIRING:1] DiskFull',
      source: 'Tocsin',
      severity: 'error',
      custom_details: {
        ...JSON.parse(DETAILS),
        good: 3,
        plain_message: expect.stringMatching(/DiskFull.*it is broken/s),
      },
    });
  });
});

describe('eventV1', () => {
  it('triggers', () => {
    expect(v1({ source: 'not used', links: [{ href: 'not used' }] })).toBe(
      `{"service_key":"S","incident_key":"${KEY_HASH}","event_type":"trigger",` +
        `"description":"pagerduty.default.description","event_action":"","payload":null,${CLIENT},"details":${DETAILS}}\n`,
    );
  });

  it('resolves, without naming the client', () => {
    expect(v1({ description: '' }, over)).toBe(
      `{"service_key":"S","incident_key":"${KEY_HASH}","event_type":"resolve",` +
        `"event_action":"","payload":null,"details":${DETAILS}}\n`,
    );
  });

  it('keeps to the limits of PagerDuty', () => {
    const own = { description: '{{ huge }}', details: { firing: '{{ huge }}' } };
    expect(JSON.parse(v1(own, {}, { huge: '😀'.repeat(130_000) }))).toMatchObject({
      description: `${'😀'.repeat(1_023)}…`,
      details: { error: expect.stringContaining('512KB') },
    });
  });

  it('says what it can where a template fails', () => {
    expect(JSON.parse(v1({ description: '{{ broken }}' }))).toMatchObject({
      description: '[FIRING:1] DiskFull',
      client: 'pagerduty.default.client',
      details: { num_firing: 1, plain_message: expect.stringContaining('it is broken') },
    });
  });
});
