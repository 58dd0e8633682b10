import { createHash } from 'node:crypto';
import { type NotificationFacts } from '../../templates/notification-facts';

/** Most notifications remembered. */
const MOST = 1_000;

/** How long, ms: as often as one is reminded by default. */
const REMEMBERED_MS = 4 * 3_600_000;

interface Remembered {
  readonly refused: readonly string[];
  readonly sinceMs: number;
}

/** Who is left to be told of what a server took for some of its recipients and not for others: the rest would hear the same
 *  again with each try. Alertmanager tells nobody while one address is refused. */
export class RefusedRecipients {
  private readonly remembered = new Map<string, Remembered>();

  /** Those of the recipients that have not got it. */
  remaining(facts: NotificationFacts, recipients: readonly string[], nowMs: number): readonly string[] {
    const known = this.remembered.size > 0 ? this.remembered.get(keyOf(facts)) : undefined;
    if (known === undefined || nowMs - known.sinceMs >= REMEMBERED_MS) return recipients;
    const left = recipients.filter((address) => known.refused.includes(address));
    return left.length > 0 ? left : recipients;
  }

  remember(facts: NotificationFacts, refused: readonly string[], nowMs: number): void {
    const key = keyOf(facts);
    const known = this.remembered.get(key);
    const isOver = known === undefined || nowMs - known.sinceMs >= REMEMBERED_MS;
    this.remembered.delete(key);
    this.remembered.set(key, { refused, sinceMs: isOver ? nowMs : known.sinceMs });
    const [oldest] = this.remembered.keys();
    if (this.remembered.size > MOST && oldest !== undefined) this.remembered.delete(oldest);
  }

  /** All have got it. */
  forget(facts: NotificationFacts): void {
    if (this.remembered.size > 0) this.remembered.delete(keyOf(facts));
  }
}

/** The alerts of a group as they are: with an address that is never taken each flush is another notification of them. */
function keyOf({ notification: { groupKey }, alerts }: NotificationFacts): string {
  const told = alerts.map(({ fingerprint, startsAtMs, endsAtMs }) => [fingerprint, startsAtMs, endsAtMs]);
  return createHash('sha256')
    .update(JSON.stringify([groupKey, told]))
    .digest('hex');
}
