import { type Alert } from '@tocsin/common/alert/alert';
import { type Arm } from '@tocsin/common/due-queue/due-queue';
import {
  type AlertBook,
  type AlertChange,
  type AlertView,
  type AlertWrite,
  type BookCommit,
  type StoredAlert,
} from './alert-book';

/** An alert book in memory; tests may let it refuse or fail. */
export class FakeAlertBook implements AlertBook {
  readonly stored = new Map<string, StoredAlert>();
  readonly commits: BookCommit[] = [];
  /** Called before each commit: what another instance does at that moment. */
  beforeCommit: (book: FakeAlertBook) => void | Promise<void> = () => {};
  private readonly listeners: ((changes: readonly AlertChange[]) => void)[] = [];
  private position = 0;

  get alerts(): AlertView {
    return this.stored;
  }

  get arms(): Arm[] {
    return this.commits.flatMap(({ arms }) => arms);
  }

  async commit(commit: BookCommit): Promise<readonly string[]> {
    await this.beforeCommit(this);
    this.commits.push(commit);
    this.position++;
    const refused: string[] = [];
    for (const write of commit.writes) if (!this.apply(write)) refused.push(fingerprintOf(write));
    return refused;
  }

  /** What another instance stored. */
  put(alert: Alert): StoredAlert {
    this.position++;
    const before = this.stored.get(alert.fingerprint) ?? null;
    const after = { ...alert, version: this.position, settledIn: [] };
    this.replace(alert.fingerprint, before, after);
    return after;
  }

  async reached(position: number): Promise<boolean> {
    return position <= this.position;
  }

  onChange(listener: (changes: readonly AlertChange[]) => void): void {
    this.listeners.push(listener);
  }

  /** False: refused. */
  private apply(write: AlertWrite): boolean {
    const fingerprint = fingerprintOf(write);
    const before = this.stored.get(fingerprint) ?? null;
    if (write.kind === 'settle') {
      if (before?.version !== write.version) return true;
      this.replace(fingerprint, before, { ...before, settledIn: [...before.settledIn, write.groupId] });
      return true;
    }
    const { expected } = write;
    const same =
      expected?.version === before?.version &&
      expected?.endsAtMs === before?.endsAtMs &&
      expected?.updatedAtMs === before?.updatedAtMs;
    if (!same) return write.kind === 'forget';
    if (write.kind === 'forget') this.replace(fingerprint, before, null);
    if (write.kind === 'store') {
      this.replace(fingerprint, before, { ...write.alert, version: this.position, settledIn: [] });
    }
    if (write.kind === 'touch' && before !== null) {
      const { endsAtMs, updatedAtMs } = write;
      this.replace(fingerprint, before, { ...before, endsAtMs, updatedAtMs });
    }
    return true;
  }

  private replace(fingerprint: string, before: StoredAlert | null, after: StoredAlert | null): void {
    if (after === null) this.stored.delete(fingerprint);
    else this.stored.set(fingerprint, after);
    for (const listener of this.listeners) listener([{ fingerprint, before, after }]);
  }
}

function fingerprintOf(write: AlertWrite): string {
  return write.kind === 'store' ? write.alert.fingerprint : write.fingerprint;
}
