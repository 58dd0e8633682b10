import { type ActiveConfig } from '../config/active-config';
import { timeMute } from '../time-intervals/contains-time';
import { type Mutable, type Muting } from './muting';

/** Silences by alert, kept in memory. */
interface SilenceLookup {
  silencedBy(alert: Mutable, nowMs: number): readonly string[];
}

/** What mutes alerts now: the running configuration's inhibition rules and time intervals, and the silences. */
export class CurrentMuting {
  constructor(
    private readonly active: Pick<ActiveConfig, 'config' | 'inhibition'>,
    private readonly silences: SilenceLookup,
  ) {}

  /** As of one instant. */
  at(nowMs: number): Muting {
    const { config, inhibition } = this.active;
    return {
      inhibitedBy: (alert) => inhibition.inhibitedBy(alert, nowMs),
      timeMute: (route) => timeMute(route, config.timeIntervals, nowMs),
      silencedBy: (alert) => this.silences.silencedBy(alert, nowMs),
    };
  }
}
