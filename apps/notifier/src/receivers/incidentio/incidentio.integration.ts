import { readFileSync } from 'node:fs';
import { fileReason } from '@tocsin/common/errors/file-reason';
import { type HttpResponse } from '@tocsin/common/http/http-result';
import { type DeliveryOutcome } from '../../delivery/delivery-outcome';
import { jsonObject, textIn, textsIn } from '../json-object';
import { postJson } from '../post-json';
import { isSet } from '../rules';
import { settingOf } from '../secret-file.loader';
import { type HttpAttempt, rejected, type Sender } from '../sender';
import { incidentioMessage } from './incidentio-message';
import { type IncidentioConfig } from './incidentio.schema';

/** Asked too often, incident.io says 429. */
const RETRY_CODES: ReadonlySet<number> = new Set([429]);

/** Posts to an alert source of incident.io. */
export class IncidentioSender implements Sender<HttpAttempt> {
  /** Empty: as `http_config` says. */
  private readonly token: string;

  /** Throws when there is a token file that cannot be read: as in Alertmanager it is read only here. */
  constructor(private readonly config: IncidentioConfig) {
    this.token = tokenOf(config);
  }

  async send(attempt: HttpAttempt): Promise<DeliveryOutcome> {
    const { url, urlFile, maxAlerts, timeoutMs } = this.config;
    const address = await settingOf(url, urlFile, 'url_file');
    if (!address.ok) return address.outcome;
    const { facts } = attempt;
    const shown = facts.atMost(maxAlerts);
    const truncated = facts.alerts.length - shown.alerts.length;
    const made = attempt.message((rendering) => incidentioMessage(rendering, truncated), shown);
    if (!made.ok) return rejected(made.error);
    return postJson(attempt, address.text, made.message, {
      timeoutMs,
      retryCodes: RETRY_CODES,
      explain,
      ...(this.token !== '' && { headers: { authorization: `Bearer ${this.token}` }, secrets: [this.token] }),
    });
  }
}

function tokenOf({ alertSourceToken, alertSourceTokenFile }: IncidentioConfig): string {
  if (!isSet(alertSourceTokenFile)) return alertSourceToken.reveal();
  try {
    return readFileSync(alertSourceTokenFile, 'utf8').trim();
  } catch (error) {
    throw new Error(`read alert_source_token_file: ${fileReason(error)}`, { cause: error });
  }
}

function explain({ body }: HttpResponse): string {
  const answer = jsonObject(body);
  if (answer === null) return '';
  const parts = [textIn(answer, 'message'), textIn(answer, 'error'), textsIn(answer, 'errors').join(', ')];
  return parts.filter((part) => part !== '').join(': ');
}
