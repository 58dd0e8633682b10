import { type DeadLetterIndex, type DeadLetterPage } from '../pipeline/dead-letter-index';
import {
  type LoadedRecords,
  type NotificationLog,
  type RecordWrite,
  type RecordWriteResult,
} from '../pipeline/notification-log';
import { type StateSwitch } from './state-switch.service';

/** The notification log that is worked on at the moment. */
export class SwitchedNotificationLog implements NotificationLog, DeadLetterIndex {
  constructor(private readonly state: StateSwitch) {}

  load(groupIds: readonly string[]): Promise<LoadedRecords> {
    return this.state.run(({ log }) => log.load(groupIds));
  }

  write(writes: readonly RecordWrite[]): Promise<readonly RecordWriteResult[]> {
    return this.state.run(({ log }) => log.write(writes));
  }

  expire(groups: readonly { groupId: string; expiresAtMs: number }[]): Promise<void> {
    return this.state.run(({ log }) => log.expire(groups));
  }

  deadLetters(limit: number, cursor: string): Promise<DeadLetterPage> {
    return this.state.run(({ log }) => log.deadLetters(limit, cursor));
  }

  deadLetterCount(): Promise<number> {
    return this.state.run(({ log }) => log.deadLetterCount());
  }
}
