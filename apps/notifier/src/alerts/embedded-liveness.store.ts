import { type EmbeddedTable, type TableStore } from '@tocsin/common/embedded/embedded-table';
import { type Beat, type Liveness, OUTAGE_AFTER_MS, type RepairProgress, type RepairRequest } from './liveness';

const KEY = 'liveness';

/** Liveness of a single process. Nothing waits for the disk: a beat that is lost is followed by the next. */
export class EmbeddedLiveness implements Liveness {
  private readonly table: EmbeddedTable<{ aliveMs: number; doneTo: string }>;
  private aliveMs: number | null;
  private doneTo: string;

  constructor(store: TableStore) {
    this.table = store.table('liveness');
    const kept = this.table.get(KEY);
    this.aliveMs = kept?.aliveMs ?? null;
    this.doneTo = kept?.doneTo ?? '';
  }

  async beat(nowMs: number): Promise<Beat> {
    const aliveMs = this.aliveMs ?? nowMs;
    if (nowMs - aliveMs > OUTAGE_AFTER_MS) return { kind: 'outage', sinceMs: aliveMs };
    this.save(Math.max(aliveMs, nowMs), this.doneTo);
    return { kind: 'ok' };
  }

  async tryRepair({ doneTo }: RepairRequest): Promise<RepairProgress> {
    if (doneTo > this.doneTo) this.save(this.aliveMs, doneTo);
    return { doneTo: this.doneTo };
  }

  async recovered(_owner: string, nowMs: number): Promise<void> {
    this.save(nowMs, '');
  }

  private save(aliveMs: number | null, doneTo: string): void {
    this.aliveMs = aliveMs;
    this.doneTo = doneTo;
    if (aliveMs !== null) this.table.put(KEY, { aliveMs, doneTo });
  }
}
