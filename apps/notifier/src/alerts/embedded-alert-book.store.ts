import { type EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
import { EmbeddedLineLog } from '@tocsin/common/embedded/embedded-line-log';
import {
  committedIfPossible,
  type EmbeddedTable,
  readRow,
  type TableStore,
} from '@tocsin/common/embedded/embedded-table';
import { type Clock } from '@tocsin/common/time/clock';
import {
  type AlertBook,
  type AlertChange,
  type AlertView,
  type AlertWrite,
  type BookCommit,
  type StoredAlert,
} from './alert-book';
import { decodeAlert, decodeMeta, encodeBody, encodeMeta, encodeSettled } from './alert-codec';
import { fingerprintOf, isExpected, Replica } from './replica';

/** The alert book of a single process: in memory, written through to disk. */
export class EmbeddedAlertBook implements AlertBook {
  private readonly replica: Replica;
  /** Meta and body. */
  private readonly stored: EmbeddedLineLog;
  /** Meta of alerts touched since they were stored; it counts only while its version is the stored one. */
  private readonly touched: EmbeddedLineLog;
  /** Likewise. */
  private readonly settled: EmbeddedLineLog;
  private readonly positions: EmbeddedTable<string>;

  /** Loads what the store holds. */
  constructor(
    private readonly store: TableStore,
    private readonly groups: Pick<EmbeddedDueQueue, 'armNow'>,
    clock: Clock,
  ) {
    const log = (table: string, encode: (alert: StoredAlert) => string): EmbeddedLineLog =>
      new EmbeddedLineLog(store.textTable(table), (fingerprint) => {
        const alert = this.replica.get(fingerprint);
        return alert === undefined ? null : encode(alert);
      });
    this.replica = new Replica(clock);
    this.stored = log('alerts', (alert) => `${encodeMeta(alert)} ${encodeBody(alert)}`);
    this.touched = log('alert-touches', encodeMeta);
    this.settled = log('alert-settled', encodeSettled);
    this.positions = store.textTable('alert-position');
    this.load();
  }

  get alerts(): AlertView {
    return this.replica;
  }

  /** Position of the last change. */
  get position(): number {
    return this.replica.position;
  }

  async commit({ writes, arms }: BookCommit): Promise<readonly string[]> {
    const accepted = writes.filter((write) => this.isAccepted(write));
    if (accepted.length > 0 || accepted.length === writes.length) this.groups.armNow(arms);
    if (accepted.length > 0) {
      const position = this.replica.position + 1;
      this.replica.apply(position, accepted);
      this.persist(accepted);
      this.positions.put(POSITION, String(position));
    }
    const refused = accepted.length === writes.length ? [] : refusedOf(writes, new Set(accepted));
    // A sender is told when its alerts are not safe; what we decided ourselves goes on.
    const isOurs = writes.length > 0 && writes.every(({ kind }) => kind === 'settle' || kind === 'forget');
    await (isOurs ? committedIfPossible(this.store) : this.store.committed());
    return refused;
  }

  reached(position: number, timeoutMs: number): Promise<boolean> {
    return this.replica.reached(position, timeoutMs);
  }

  onChange(listener: (changes: readonly AlertChange[]) => void): void {
    this.replica.onChange(listener);
  }

  private isAccepted(write: AlertWrite): boolean {
    switch (write.kind) {
      case 'store':
        return isExpected(write.expected, this.replica.get(write.alert.fingerprint));
      case 'touch':
      case 'forget':
        return isExpected(write.expected, this.replica.get(write.fingerprint));
      case 'settle':
        return this.replica.get(write.fingerprint)?.version === write.version;
    }
  }

  private persist(writes: readonly AlertWrite[]): void {
    const stored: string[] = [];
    const touched: string[] = [];
    const settled = new Set<string>();
    for (const write of writes) {
      const fingerprint = fingerprintOf(write);
      if (write.kind === 'touch') {
        touched.push(fingerprint);
      } else if (write.kind === 'settle') {
        settled.add(fingerprint);
      } else {
        stored.push(fingerprint);
        this.touched.drop(fingerprint);
        this.settled.drop(fingerprint);
      }
    }
    if (stored.length > 0) this.stored.write(stored);
    if (touched.length > 0) this.touched.write(touched);
    if (settled.size > 0) this.settled.write([...settled]);
  }

  private load(): void {
    const position = Number(this.positions.get(POSITION) ?? 0);
    const stored = this.stored.load();
    const touched = this.touched.load();
    const settled = this.settled.load();
    const versions = new Map<string, number>();
    this.replica.beginSnapshot(position, 0);
    for (const [fingerprint, text] of stored) {
      const bodyAt = text.indexOf('{');
      const texts = {
        meta: text.slice(0, bodyAt - 1),
        body: text.slice(bodyAt),
        settled: settled.get(fingerprint) ?? null,
      };
      const alert = readRow(this.stored, fingerprint, () => decodeAlert(fingerprint, texts));
      if (alert === undefined) continue;
      const times = decodeMeta(touched.get(fingerprint) ?? '');
      const isTouched = times?.version === alert.version;
      this.replica.applyStates(position, [{ fingerprint, alert: isTouched ? { ...alert, ...times } : alert }]);
      versions.set(fingerprint, alert.version);
    }
    this.replica.endSnapshot();
    for (const [log, texts] of [
      [this.touched, touched],
      [this.settled, settled],
    ] as const) {
      for (const [fingerprint, text] of texts) {
        if (Number.parseInt(text, 10) !== versions.get(fingerprint)) log.drop(fingerprint);
      }
    }
  }
}

const POSITION = 'position';

/** Fingerprints of the stores and touches that were not accepted. */
function refusedOf(writes: readonly AlertWrite[], accepted: ReadonlySet<AlertWrite>): string[] {
  const refused = writes.filter((write) => !accepted.has(write) && (write.kind === 'store' || write.kind === 'touch'));
  return refused.map(fingerprintOf);
}
