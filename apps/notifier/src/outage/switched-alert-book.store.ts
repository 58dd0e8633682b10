import {
  type AlertBook,
  type AlertChange,
  type AlertView,
  type BookCommit,
  type StoredAlert,
} from '../alerts/alert-book';
import { type StatePorts } from './state-ports';
import { type StateSwitch } from './state-switch.service';

/** The alert book that is worked on at the moment. */
export class SwitchedAlertBook implements AlertBook {
  readonly alerts: AlertView;
  private readonly listeners: ((changes: readonly AlertChange[]) => void)[] = [];
  private readonly followed = new WeakSet<StatePorts>();

  constructor(private readonly state: StateSwitch) {
    this.alerts = new SwitchedView(state);
    this.follow(state.current);
    state.onChange((before, after) => {
      this.follow(after);
      this.tell(differences(before.book.alerts, after.book.alerts));
    });
  }

  get position(): number {
    return this.state.current.book.position;
  }

  commit(commit: BookCommit): Promise<readonly string[]> {
    return this.state.run(({ book }) => book.commit(commit));
  }

  reached(position: number, timeoutMs: number): Promise<boolean> {
    return this.state.run(({ book }) => book.reached(position, timeoutMs));
  }

  onChange(listener: (changes: readonly AlertChange[]) => void): void {
    this.listeners.push(listener);
  }

  private follow(ports: StatePorts): void {
    if (this.followed.has(ports)) return;
    this.followed.add(ports);
    ports.book.onChange((changes) => {
      if (this.state.current === ports) this.tell(changes);
    });
  }

  private tell(changes: readonly AlertChange[]): void {
    if (changes.length === 0) return;
    for (const listener of this.listeners) listener(changes);
  }
}

class SwitchedView implements AlertView {
  constructor(private readonly state: StateSwitch) {}

  get(fingerprint: string): StoredAlert | undefined {
    return this.state.current.book.alerts.get(fingerprint);
  }

  values(): IterableIterator<StoredAlert> {
    return this.state.current.book.alerts.values();
  }

  get size(): number {
    return this.state.current.book.alerts.size;
  }
}

function differences(before: AlertView, after: AlertView): AlertChange[] {
  const changes: AlertChange[] = [];
  for (const alert of after.values()) {
    const { fingerprint } = alert;
    changes.push({ fingerprint, before: before.get(fingerprint) ?? null, after: alert });
  }
  for (const alert of before.values()) {
    const { fingerprint } = alert;
    if (after.get(fingerprint) === undefined) changes.push({ fingerprint, before: alert, after: null });
  }
  return changes;
}
