import { describe, expect, it } from 'vitest';
import { fakeTemplates } from '../../templates/testing/fake-templates';
import { configOf, made } from '../testing/built-integration';
import { snsMessage } from './sns-message';

const entry = { topic_arn: 'arn:aws:sns:eu-west-1:1:ops' };
const HASH = '17c4e445d234645c9e547ff6d32a864af0ebdadcd1902771c24c8d366637ff41';

function messageOf(
  own: object,
  ...rest: [notification?: Parameters<typeof made>[1], templates?: Parameters<typeof made>[2]]
) {
  const config = configOf('sns', { ...entry, ...own });
  return made((rendering) => snsMessage(config, rendering), ...rest);
}

const inputOf = (...rest: Parameters<typeof messageOf>) => messageOf(...rest).input;
const text = (value: string): object => ({ DataType: 'String', StringValue: value });

describe('snsMessage', () => {
  it('has a subject and a text', () => {
    expect(messageOf({})).toEqual({
      apiUrl: '',
      input: {
        TopicArn: 'arn:aws:sns:eu-west-1:1:ops',
        Subject: 'sns.default.subject',
        Message: 'sns.default.message',
        MessageAttributes: {},
      },
    });
  });

  it('has attributes and an address of its own', () => {
    const own = {
      ...{ api_url: 'http://{{ host }}/', topic_arn: '', target_arn: '{{ arn }}', subject: '', message: 'm' },
      attributes: { '{{ name }}': '{{ value }}', b: 'c' },
    };
    const templates = fakeTemplates({ host: 'sns.test', arn: 'arn:x', name: 'severity', value: 'page' });
    expect(messageOf(own, {}, templates)).toEqual({
      apiUrl: 'http://sns.test/',
      input: {
        TargetArn: 'arn:x',
        Message: 'm',
        MessageAttributes: { severity: text('page'), b: text('c') },
      },
    });
  });

  it('keeps the order of a group in a FIFO topic, with an id for each notification', () => {
    const own = { topic_arn: '{{ arn }}' };
    const templates = fakeTemplates({ arn: 'arn:x.fifo' });
    const [first, again, next] = [1, 1, 2].map((sequence) => inputOf(own, { sequence }, templates));
    expect(first).toMatchObject({
      TopicArn: 'arn:x.fifo',
      MessageGroupId: HASH,
      MessageDeduplicationId: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(again).toEqual(first);
    expect(next?.MessageDeduplicationId).not.toBe(first?.MessageDeduplicationId);
    expect(next?.MessageGroupId).toBe(HASH);
  });

  it('fits into what SNS takes', () => {
    const attributes = { a: 'bb' };
    const size = 'abbString'.length + 'truncatedtrueString'.length;
    const fits = 'x'.repeat(256 * 1024 - 'abbString'.length);
    expect(inputOf({ message: '{{ m }}', attributes }, {}, fakeTemplates({ m: fits }))).toMatchObject({
      Message: fits,
      MessageAttributes: { a: text('bb') },
    });
    const cut = inputOf({ message: '{{ m }}', attributes }, {}, fakeTemplates({ m: `${fits}x` }));
    expect(cut.Message).toBe('x'.repeat(256 * 1024 - size));
    expect(cut.MessageAttributes).toEqual({ a: text('bb'), truncated: text('true') });
  });

  it('fits onto a telephone, with whole characters', () => {
    const own = { topic_arn: '', phone_number: '+1', message: '{{ m }}' };
    const cut = inputOf(own, {}, fakeTemplates({ m: `x${'😀'.repeat(500)}` }));
    expect(cut).toMatchObject({
      PhoneNumber: '+1',
      Message: `x${'😀'.repeat(399)}`,
      MessageAttributes: { truncated: text('true') },
    });
  });

  it('has a subject that SNS takes', () => {
    const templates = fakeTemplates({ s: ` a\n b\u0007${'😀'.repeat(200)}` });
    expect(inputOf({ subject: '{{ s }}' }, {}, templates).Subject).toBe(`a b ${'😀'.repeat(94)}…`);
    expect(inputOf({ subject: '{{ s }}' }, {}, fakeTemplates({ s: '\n' }))).not.toHaveProperty('Subject');
  });

  it('is plain when a template fails', () => {
    expect(inputOf({ message: '{{ broken }}', attributes: { a: '{{ broken }}', b: 'c' } })).toEqual({
      TopicArn: 'arn:aws:sns:eu-west-1:1:ops',
      Subject: '[FIRING:1] DiskFull',
      Message: expect.stringContaining('firing {alertname="DiskFull"'),
      MessageAttributes: { b: text('c') },
    });
  });

  it.each(['topic_arn', 'api_url'])('cannot be made without its %s', (name) => {
    expect(() => messageOf({ [name]: '{{ broken }}' })).toThrow(`failed to template ${name}`);
  });
});
