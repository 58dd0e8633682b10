/** When a notifier of the installation last accepted alerts: shared, so that an outage is told from a restart. */
export interface Liveness {
  /** Says that this instance accepts alerts now, unless nobody did for longer than `OUTAGE_AFTER_MS`: then the outage
   *  stays on record until it is repaired. An installation that starts for the first time has no outage. */
  beat(nowMs: number): Promise<Beat>;

  /** Takes, or keeps, the sole right to repair after an outage for `ttlMs`; null while another instance has it. */
  tryRepair(request: RepairRequest): Promise<RepairProgress | null>;

  /** Ends the outage, if this owner still has the right to repair. */
  recovered(owner: string, nowMs: number): Promise<void>;
}

export type Beat = { kind: 'ok' } | { kind: 'outage'; sinceMs: number };

export interface RepairRequest extends RepairProgress {
  owner: string;
  nowMs: number;
  ttlMs: number;
}

/** Repair goes through the alerts by fingerprint, so that who takes over does not repair any of them twice. */
export interface RepairProgress {
  /** Last fingerprint that is done; empty before the first. */
  doneTo: string;
}

/** Nobody accepted alerts for longer than this: an outage, ms. */
export const OUTAGE_AFTER_MS = 15_000;
