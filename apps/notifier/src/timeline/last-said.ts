import { type TimelineEvent } from './timeline-event';

type State = NonNullable<TimelineEvent['state']>;

/** What was said last of each key. */
export class LastSaid {
  private readonly said = new Map<string, { value: string; by: string }>();

  /** Whether nothing of the sort was said before; from now on it was, by `by`. */
  isNews(state: State | undefined, by: string): boolean {
    if (state === undefined) return true;
    const { key, value } = state;
    if ((this.said.get(key)?.value ?? '') === value) return false;
    if (value === '') this.said.delete(key);
    else this.said.set(key, { value, by });
    return true;
  }

  /** Forgets what `by` said of the key, if nobody said something else since. */
  forget({ key }: State, by: string): void {
    if (this.said.get(key)?.by === by) this.said.delete(key);
  }
}
