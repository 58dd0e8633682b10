import { describe, expect, it } from 'vitest';
import { NotificationFacts } from '../../templates/notification-facts';
import { aNotification, anAlert } from '../integration.contract';
import { RefusedRecipients } from './refused-recipients';

const factsOf = (overrides: Parameters<typeof aNotification>[0] = {}): NotificationFacts =>
  new NotificationFacts(aNotification(overrides), 'team', 'http://tocsin.test');
const facts = factsOf();
const all = ['a', 'b', 'c'];
const HOUR = 3_600_000;

describe('refused recipients', () => {
  it('are all that is left of a notification', () => {
    const recipients = new RefusedRecipients();
    expect(recipients.remaining(facts, all, 0)).toEqual(all);
    recipients.remember(facts, ['b', 'c'], 0);
    expect(recipients.remaining(facts, all, 1)).toEqual(['b', 'c']);
    recipients.remember(facts, ['c'], 1);
    expect(recipients.remaining(facts, all, 2)).toEqual(['c']);
    // The same told by the next flush.
    expect(recipients.remaining(factsOf({ sequence: 2 }), all, 2)).toEqual(['c']);
    recipients.forget(facts);
    expect(recipients.remaining(facts, all, 3)).toEqual(all);
  });

  it('are not those of anything else', () => {
    const recipients = new RefusedRecipients();
    recipients.remember(facts, ['b'], 0);
    expect(recipients.remaining(factsOf({ groupKey: '{}:{}' }), all, 1)).toEqual(all);
    expect(recipients.remaining(factsOf({ alerts: [anAlert({ endsAtMs: 1 })] }), all, 1)).toEqual(all);
    expect(recipients.remaining(facts, ['d'], 1)).toEqual(['d']);
  });

  it('are no longer alone after four hours', () => {
    const recipients = new RefusedRecipients();
    recipients.remember(facts, ['b'], 0);
    recipients.remember(facts, ['b'], 3 * HOUR);
    expect(recipients.remaining(facts, all, 4 * HOUR - 1)).toEqual(['b']);
    expect(recipients.remaining(facts, all, 4 * HOUR)).toEqual(all);
    recipients.remember(facts, ['b'], 4 * HOUR);
    expect(recipients.remaining(facts, all, 5 * HOUR)).toEqual(['b']);
  });

  it('are forgotten, the oldest first', () => {
    const recipients = new RefusedRecipients();
    for (let at = 0; at <= 1_000; at++) recipients.remember(factsOf({ groupKey: String(at) }), ['b'], 0);
    expect(recipients.remaining(factsOf({ groupKey: '0' }), all, 0)).toEqual(all);
    expect(recipients.remaining(factsOf({ groupKey: '1' }), all, 0)).toEqual(['b']);
  });
});
