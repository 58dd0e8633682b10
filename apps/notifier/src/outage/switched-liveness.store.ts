import { type Beat, type Liveness, type RepairProgress, type RepairRequest } from '../alerts/liveness';
import { type StateSwitch } from './state-switch.service';

/** The liveness that is worked on at the moment. */
export class SwitchedLiveness implements Liveness {
  constructor(private readonly state: StateSwitch) {}

  beat(nowMs: number): Promise<Beat> {
    return this.state.run(({ liveness }) => liveness.beat(nowMs));
  }

  tryRepair(request: RepairRequest): Promise<RepairProgress | null> {
    return this.state.run(({ liveness }) => liveness.tryRepair(request));
  }

  recovered(owner: string, nowMs: number): Promise<void> {
    return this.state.run(({ liveness }) => liveness.recovered(owner, nowMs));
  }
}
