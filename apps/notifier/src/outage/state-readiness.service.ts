import { type Readiness } from '@tocsin/common/http/health.controller';
import { notReadyBecause, readyNote, type StateView } from './state-phase';

/** Says whether the notifier can do its work, with the shared state or on its own. */
export class StateReadiness implements Readiness {
  constructor(
    /** Null: the state is shared with nobody. */
    private readonly view: () => StateView | null,
    private readonly graceMs: number,
    /** Why the state that is there cannot be worked on yet. */
    private readonly guardReason: () => string | null,
    /** Why the state is kept in memory only. */
    private readonly problem: () => string | null,
  ) {}

  notReadyBecause(): string | null {
    const view = this.view();
    return (view && notReadyBecause(view, this.graceMs)) ?? this.guardReason();
  }

  note(): string | null {
    const view = this.view();
    if (view !== null) return readyNote(view);
    const problem = this.problem();
    return problem && `${problem}; this notifier works, but what it learns is kept in memory only`;
  }
}
