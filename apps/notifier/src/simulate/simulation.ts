import { type Labels } from '@tocsin/common/labels/label-set';
import { type FrozenAlert, type NotifyReason } from '../pipeline/notification-record';
import { type TimelineEvent } from '../timeline/timeline-event';

/** What came of a scenario. */
export interface Simulation {
  readonly startMs: number;
  readonly endMs: number;
  /** In the order in which they were told. */
  readonly notifications: readonly SimulatedNotification[];
  /** What happened and why, oldest first. */
  readonly events: readonly TimelineEvent[];
}

/** A notification that a receiver would have been sent. Every receiver accepts at once. */
export interface SimulatedNotification {
  readonly atMs: number;
  readonly receiver: string;
  /** `receiver/kind/index`. */
  readonly integration: string;
  readonly reason: NotifyReason;
  readonly groupKey: string;
  readonly groupLabels: Labels;
  /** `firing` if any alert fires. */
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly FrozenAlert[];
}

/** `work`: it would take more than it may. */
export type SimulationResult = { kind: 'done'; simulation: Simulation } | { kind: 'too much work' };
