import { type NotificationFacts } from '../../templates/notification-facts';

/** Most notifications remembered. */
const MOST = 1_000;

/** Who is left to be told of notifications that a server took for some of their recipients and not for others: the rest
 *  would hear of it again with each try. Alertmanager tells nobody while one address is refused. */
export class RefusedRecipients {
  private readonly refused = new Map<string, readonly string[]>();

  /** Those of the recipients that have not got it. */
  remaining(facts: NotificationFacts, recipients: readonly string[]): readonly string[] {
    const refused = this.refused.get(keyOf(facts));
    const left = recipients.filter((address) => refused?.includes(address));
    return left.length > 0 ? left : recipients;
  }

  remember(facts: NotificationFacts, refused: readonly string[]): void {
    const key = keyOf(facts);
    this.refused.delete(key);
    this.refused.set(key, refused);
    const [oldest] = this.refused.keys();
    if (this.refused.size > MOST && oldest !== undefined) this.refused.delete(oldest);
  }

  forget(facts: NotificationFacts): void {
    this.refused.delete(keyOf(facts));
  }
}

function keyOf({ notification: { groupKey, sequence } }: NotificationFacts): string {
  return `${sequence} ${groupKey}`;
}
