import { type Claim } from '@tocsin/common/due-queue/due-queue';
import { type TimelineEvent } from '../timeline/timeline-event';

/** Work of a due queue keeps killing or failing whoever claims it. */
export function poisonEvent(queue: 'groups' | 'deliveries', claim: Claim, nowMs: number): TimelineEvent {
  const { id, lane, unfinished } = claim;
  const [what, whose] =
    queue === 'groups' ? ['the flush of this group', {}] : ['this notification', { integration: lane }];
  const message = `${what} has not come to an end in ${unfinished} tries; it is tried once a minute`;
  return { atMs: nowMs, kind: 'system', group: id, ...whose, message, detail: { queue, tries: unfinished } };
}
