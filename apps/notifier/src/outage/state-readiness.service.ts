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
  ) {}

  notReadyBecause(): string | null {
    const view = this.view();
    return (view && notReadyBecause(view, this.graceMs)) ?? this.guardReason();
  }

  note(): string | null {
    const view = this.view();
    return view && readyNote(view);
  }
}
