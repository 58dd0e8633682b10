import { type StoredSilence } from '../silences/silence';
import {
  type SilenceChange,
  type SilenceStore,
  type SilenceView,
  type SilenceWrite,
  type SilenceWriteResult,
} from '../silences/silence-store';
import { type StatePorts } from './state-ports';
import { type StateSwitch } from './state-switch.service';

/** The silences that are worked on at the moment. */
export class SwitchedSilenceStore implements SilenceStore {
  readonly silences: SilenceView;
  private readonly listeners: ((changes: readonly SilenceChange[]) => void)[] = [];
  private readonly followed = new WeakSet<StatePorts>();

  constructor(private readonly state: StateSwitch) {
    this.silences = new SwitchedView(state);
    this.follow(state.current);
    state.onChange((before, after) => {
      this.follow(after);
      this.tell(differences(before.silences.silences, after.silences.silences));
    });
  }

  write(writes: readonly SilenceWrite[], maxCount: number): Promise<SilenceWriteResult> {
    return this.state.run(({ silences }) => silences.write(writes, maxCount));
  }

  onChange(listener: (changes: readonly SilenceChange[]) => void): void {
    this.listeners.push(listener);
  }

  private follow(ports: StatePorts): void {
    if (this.followed.has(ports)) return;
    this.followed.add(ports);
    ports.silences.onChange((changes) => {
      if (this.state.current === ports) this.tell(changes);
    });
  }

  private tell(changes: readonly SilenceChange[]): void {
    if (changes.length === 0) return;
    for (const listener of this.listeners) listener(changes);
  }
}

class SwitchedView implements SilenceView {
  constructor(private readonly state: StateSwitch) {}

  get(id: string): StoredSilence | undefined {
    return this.state.current.silences.silences.get(id);
  }

  values(): IterableIterator<StoredSilence> {
    return this.state.current.silences.silences.values();
  }

  get size(): number {
    return this.state.current.silences.silences.size;
  }
}

function differences(before: SilenceView, after: SilenceView): SilenceChange[] {
  const changes: SilenceChange[] = [];
  for (const silence of after.values()) {
    const known = before.get(silence.id) ?? null;
    if (known !== silence) changes.push({ id: silence.id, before: known, after: silence });
  }
  for (const silence of before.values()) {
    if (after.get(silence.id) === undefined) changes.push({ id: silence.id, before: silence, after: null });
  }
  return changes;
}
