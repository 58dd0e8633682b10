import { createHash } from 'node:crypto';
import { type NotificationFacts } from '../../templates/notification-facts';
import { type Rendering } from '../../templates/rendering';
import { truncateRunes } from '../truncate';
import { type SnsConfig } from './sns.schema';

/** Bytes of a message with its attributes, and of one to a telephone. Source: SNS. */
const MOST_BYTES = 256 * 1024;
const MOST_PHONE_BYTES = 1600;
/** Characters. Source: SNS. */
const MOST_SUBJECT = 99;

/** What is published, in the names of SNS, and where it has its address. */
export interface SnsMessage {
  /** '' for that of the region. */
  readonly apiUrl: string;
  readonly input: PublishInput;
}

/** Source: SNS, `Publish`. */
export interface PublishInput {
  TopicArn?: string;
  TargetArn?: string;
  PhoneNumber?: string;
  Subject?: string;
  Message: string;
  MessageAttributes: Record<string, { DataType: 'String'; StringValue: string }>;
  MessageGroupId?: string;
  MessageDeduplicationId?: string;
}

/** What an entry publishes. Source: Alertmanager, `sns`. */
export function snsMessage(config: SnsConfig, rendering: Rendering): SnsMessage {
  const { facts } = rendering;
  const topic = rendering.required(config.topicArn, 'topic_arn');
  const phone = rendering.required(config.phoneNumber, 'phone_number');
  const target = rendering.required(config.targetArn, 'target_arn');
  const subject = subjectOf(rendering.text(config.subject, 'subject'));
  const attributes = attributesOf(config, rendering);
  const message = rendering.text(config.message, 'body').toWellFormed();
  const room = phone === '' ? MOST_BYTES - sizeOf(attributes) : MOST_PHONE_BYTES;
  const isCut = Buffer.byteLength(message) > room;
  if (isCut) attributes.set('truncated', 'true');
  return {
    apiUrl: rendering.required(config.apiUrl, 'api_url'),
    input: {
      ...(topic !== '' && { TopicArn: topic, ...(topic.endsWith('.fifo') && orderOf(facts)) }),
      ...(phone !== '' && { PhoneNumber: phone }),
      ...(target !== '' && { TargetArn: target }),
      ...(config.subject !== '' && subject !== '' && { Subject: subject }),
      Message: isCut ? cutBytes(message, phone === '' ? MOST_BYTES - sizeOf(attributes) : room) : message,
      MessageAttributes: Object.fromEntries(
        [...attributes].map(([name, value]) => [name, { DataType: 'String', StringValue: value } as const]),
      ),
    },
  };
}

/** In a FIFO topic the messages of a group stay in order, and an attempt that was heard is not heard again. Alertmanager has
 *  one id for all messages of a group: SNS drops what ends within five minutes. */
function orderOf({ keyHash, receiver, notification }: NotificationFacts): Partial<PublishInput> {
  const id = createHash('sha256').update(JSON.stringify([keyHash, receiver, notification.sequence]));
  return { MessageGroupId: keyHash, MessageDeduplicationId: id.digest('hex') };
}

/** SNS refuses the whole message for a subject that is longer, or of more than a line. */
function subjectOf(text: string): string {
  return truncateRunes(text.replace(/[\s\u0000-\u001f\u007f]+/g, ' ').trim(), MOST_SUBJECT);
}

function attributesOf({ attributes }: SnsConfig, rendering: Rendering): Map<string, string> {
  const made = Object.entries(attributes).map(
    ([name, value]) => [rendering.text(name), rendering.text(value)] as const,
  );
  // SNS takes no empty ones.
  return new Map(made.filter(([name, value]) => rendering.plain === null || (name !== '' && value !== '')));
}

function sizeOf(attributes: ReadonlyMap<string, string>): number {
  return [...attributes].reduce((size, pair) => size + Buffer.byteLength(`${pair.join('')}String`), 0);
}

/** The text with at most `limit` bytes, cut between characters. */
function cutBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  let end = Math.max(0, limit);
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}
