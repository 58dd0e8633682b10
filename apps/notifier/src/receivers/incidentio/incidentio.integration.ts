import { type HttpResponse } from '@tocsin/common/http/http-result';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { jsonObject, textIn, textsIn } from '../json-object';
import { postJson } from '../post-json';
import { settingOf } from '../secret-file.loader';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { incidentioMessage } from './incidentio-message';
import { type IncidentioConfig } from './incidentio.schema';

/** Asked too often, incident.io says 429. */
const RETRY_CODES: ReadonlySet<number> = new Set([429]);

/** Posts to an alert source of incident.io. */
export class IncidentioSender implements Sender<HttpAttempt> {
  constructor(private readonly config: IncidentioConfig) {}

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    const { url, urlFile, alertSourceToken, alertSourceTokenFile, maxAlerts, timeoutMs } = this.config;
    const address = await settingOf(url, urlFile, 'url_file');
    if (!address.ok) return address.outcome;
    // Empty: as `http_config` says.
    const token = await settingOf(alertSourceToken, alertSourceTokenFile, 'alert_source_token_file');
    if (!token.ok) return token.outcome;
    const { facts } = attempt;
    const shown = facts.atMost(maxAlerts);
    const truncated = facts.alerts.length - shown.alerts.length;
    const made = attempt.message((rendering) => incidentioMessage(rendering, truncated), shown);
    if (!made.ok) return rejected(made.error);
    return postJson(attempt, address.text, made.message, {
      timeoutMs,
      retryCodes: RETRY_CODES,
      explain,
      ...(token.text !== '' && { headers: { authorization: `Bearer ${token.text}` }, secrets: [token.text] }),
    });
  }
}

function explain({ body }: HttpResponse): string {
  const answer = jsonObject(body);
  if (answer === null) return '';
  const parts = [textIn(answer, 'message'), textIn(answer, 'error'), textsIn(answer, 'errors').join(', ')];
  return parts.filter((part) => part !== '').join(': ');
}
