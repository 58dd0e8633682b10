import { type HttpResponse } from '@tocsin/common/http/http-result';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { type Rendering } from '../../templates/rendering';
import { jsonObject, textIn, textsIn } from '../json-object';
import { postJson } from '../post-json';
import { isSet } from '../rules';
import { settingOf } from '../secret-file.loader';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { eventV1, eventV2 } from './pagerduty-message';
import { type PagerdutyConfig } from './pagerduty.schema';

/** The only address of the Events API v1. */
const V1_URL = 'https://events.pagerduty.com/generic/2010-04-15/create_event.json';

/** What is different in the two Events APIs. Source: Alertmanager: each says in its own way that it was asked too much. */
const V1 = { what: 'service key', fileName: 'service_key_file', makeEvent: eventV1, retryCodes: new Set([403]) };
const V2 = { what: 'routing key', fileName: 'routing_key_file', makeEvent: eventV2, retryCodes: new Set([429]) };

/** Sends events to PagerDuty: with a service key by its Events API v1, else by v2. */
export class PagerdutySender implements Sender<HttpAttempt> {
  constructor(
    private readonly config: PagerdutyConfig,
    private readonly v1Url = V1_URL,
  ) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    const { config } = this;
    const isV1 = isSet(config.serviceKey) || isSet(config.serviceKeyFile);
    const { what, fileName, makeEvent, retryCodes } = isV1 ? V1 : V2;
    const [inline, file] = isV1
      ? [config.serviceKey, config.serviceKeyFile]
      : [config.routingKey, config.routingKeyFile];
    const setting = await settingOf(inline, file, fileName);
    if (!setting.ok) return setting.outcome;
    const make = (rendering: Rendering): { key: string; event: string } => {
      const key = rendering.secret(setting.text, what);
      return { key, event: makeEvent(config, key, rendering) };
    };
    const made = attempt.message(make);
    if (!made.ok) return rejected(made.error);
    const { key, event } = made.message;
    if (key === '') return rejected(`${what} cannot be empty`);
    const { timeoutMs } = config;
    return postJson(attempt, isV1 ? this.v1Url : config.url, event, { timeoutMs, secrets: [key], retryCodes, explain });
  }
}

function explain({ body }: HttpResponse): string {
  const answer = jsonObject(body);
  if (answer === null) return '';
  return [textIn(answer, 'message'), textsIn(answer, 'errors').join(',')].filter((part) => part !== '').join(': ');
}
