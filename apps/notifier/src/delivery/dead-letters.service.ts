import { type DueQueue } from '@tocsin/common/due-queue/due-queue';
import { type Clock } from '@tocsin/common/time/clock';
import { type ActiveConfig } from '../config/active-config';
import {
  type DeadLetterEntry,
  deadLetterId,
  type DeadLetterIndex,
  type DeadLetterPage,
  groupOfDeadLetter,
} from '../pipeline/dead-letter-index';
import { type NotificationLog } from '../pipeline/notification-log';
import { type Timeline } from '../timeline/timeline-event';

/** What became of the dead letters somebody wanted to be told after all. */
export interface Replayed {
  /** Their groups are due now, and decide anew what is to be told. */
  readonly replayed: number;
  /** Their groups have ended: nothing is left to tell. */
  readonly ended: number;
}

/** Looked through at once. */
const PAGE = 256;

/** Lists, replays and drops what was given up. */
export class DeadLettersService {
  constructor(
    private readonly active: Pick<ActiveConfig, 'config' | 'groups'>,
    private readonly index: DeadLetterIndex,
    private readonly log: NotificationLog,
    private readonly groups: Pick<DueQueue, 'arm'>,
    private readonly clock: Clock,
    private readonly timeline: Timeline,
  ) {}

  /** A page, in the order of ids' groups. */
  list(limit: number, cursor: string): Promise<DeadLetterPage> {
    return this.index.deadLetters(limit, cursor);
  }

  /** Null: there is no such dead letter. */
  async replay(id: string): Promise<Replayed | null> {
    const entry = await this.find(id);
    return entry === null ? null : this.replayAll([entry]);
  }

  /** All of a receiver. */
  async replayReceiver(receiver: string): Promise<Replayed> {
    let [replayed, ended] = [0, 0];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: DeadLetterPage = await this.index.deadLetters(PAGE, cursor);
      const result = await this.replayAll(page.entries.filter(({ deadLetter }) => deadLetter.receiver === receiver));
      replayed += result.replayed;
      ended += result.ended;
      cursor = page.next;
    }
    return { replayed, ended };
  }

  /** False: there is no such dead letter. */
  async drop(id: string): Promise<boolean> {
    const entry = await this.find(id);
    if (entry === null) return false;
    await this.clear(entry, 'dropped');
    return true;
  }

  /** A group that is due decides from what its receiver was told, which the dead letter never changed. It is armed
   *  first, so that a crash leaves the dead letter rather than nothing. */
  private async replayAll(entries: readonly DeadLetterEntry[]): Promise<Replayed> {
    const alive = entries.filter(({ groupId }) => this.active.groups.group(groupId) !== undefined);
    const { lane } = this.active.config.routes;
    const dueMs = this.clock.nowMs();
    if (alive.length > 0) {
      await this.groups.arm(alive.map(({ groupId }) => ({ lane, id: groupId, dueMs, mode: 'earlier' })));
      for (const entry of alive) await this.clear(entry, 'replayed');
    }
    return { replayed: alive.length, ended: entries.length - alive.length };
  }

  private async find(id: string): Promise<DeadLetterEntry | null> {
    const groupId = groupOfDeadLetter(id);
    const { records } = await this.log.load([groupId]);
    for (const [integration, { deadLetter }] of records.get(groupId) ?? []) {
      if (deadLetter !== null && deadLetterId(groupId, integration) === id) return { groupId, integration, deadLetter };
    }
    return null;
  }

  /** Takes it from its record, unless another one took its place meanwhile. */
  private async clear({ groupId, integration, deadLetter }: DeadLetterEntry, what: string): Promise<void> {
    for (let isCleared = false; !isCleared;) {
      const { records } = await this.log.load([groupId]);
      const record = records.get(groupId)?.get(integration);
      if (record?.deadLetter?.sequence !== deadLetter.sequence) return;
      const change = { integration, expectedRevision: record.revision, record: { ...record, deadLetter: null } };
      const write = { groupId, fence: null, changes: [change], arms: [], isAside: true as const };
      isCleared = (await this.log.write([write]))[0] === 'written';
    }
    const { receiver, groupKey, sequence } = deadLetter;
    this.timeline.record({
      atMs: this.clock.nowMs(),
      kind: 'dead-letter',
      group: groupId,
      groupKey,
      receiver,
      integration,
      message: `dead letter of ${integration} ${what}`,
      detail: { sequence },
    });
  }
}
