import { endOnArrival } from '@tocsin/common/alert/alert';
import { type AlertMessage } from '@tocsin/common/alert/alert-message.schema';
import { labelsKey } from '../state/alert-labels';

/** An alert on its way. */
export interface WaitingAlert {
  readonly alert: AlertMessage;
  /** When it was true: the slot of its evaluation, epoch ms. */
  readonly slotMs: number;
}

/** What to say of an alert that is sent now: one that fired at its slot has not ended because it had to wait. */
export function sentAt({ alert, slotMs }: WaitingAlert, nowMs: number): AlertMessage {
  return { ...alert, endsAtMs: endOnArrival(alert.endsAtMs, slotMs, nowMs) };
}

/**
 * Alerts that wait for one receiver, oldest first. Of one alert only the newest message waits, so that a receiver that
 * comes back is told nothing outdated; beyond the capacity the oldest go.
 */
export class AlertBacklog {
  private readonly alerts = new Map<string, WaitingAlert>();

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.alerts.size;
  }

  /** Answers how many were dropped to make room. */
  add(alerts: readonly AlertMessage[], slotMs: number): number {
    for (const alert of alerts) {
      const key = labelsKey(alert.labels);
      this.alerts.delete(key);
      this.alerts.set(key, { alert, slotMs });
    }
    const surplus = this.alerts.size - this.capacity;
    for (const key of this.alerts.keys()) {
      if (this.alerts.size <= this.capacity) break;
      this.alerts.delete(key);
    }
    return Math.max(0, surplus);
  }

  /** The oldest ones; they stay until they are settled. */
  oldest(most: number): WaitingAlert[] {
    const batch: WaitingAlert[] = [];
    for (const waiting of this.alerts.values()) {
      if (batch.length === most) break;
      batch.push(waiting);
    }
    return batch;
  }

  /** Takes out what was sent, unless something newer came meanwhile. */
  settle(sent: readonly WaitingAlert[]): void {
    for (const waiting of sent) {
      const key = labelsKey(waiting.alert.labels);
      if (this.alerts.get(key) === waiting) this.alerts.delete(key);
    }
  }
}
