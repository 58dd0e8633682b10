import { createHmac } from 'node:crypto';

/** The header that says who sent a request. */
export const SIGNATURE_HEADER = 'tocsin-signature';

/** `t=SECONDS,v1=HEX[,v1=HEX]`: one signature for each secret, so that a receiver may know either while they are changed. Each
 *  is the HMAC-SHA256 of `SECONDS.BODY`; the time lets a receiver refuse what was recorded long ago. */
export function signature(secrets: readonly string[], body: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  const signed = secrets.map((secret) => createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex'));
  return [`t=${seconds}`, ...signed.map((hex) => `v1=${hex}`)].join(',');
}
