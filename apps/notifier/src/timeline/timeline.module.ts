import { type Backend } from '@tocsin/common/backend/backend.client';
import { EmbeddedTimeline } from './embedded-timeline.store';
import { RedisTimeline } from './redis-timeline.store';
import { type TimelineLimits, type TimelineStore } from './timeline-store';

/** The timeline where the rest of the state is. */
export function openTimelineStore(backend: Backend, limits: TimelineLimits): TimelineStore {
  const { clock } = backend;
  return backend.kind === 'embedded'
    ? new EmbeddedTimeline({ store: backend.store, clock, limits })
    : new RedisTimeline({ redis: backend.redis.commands, keys: backend.keys, clock, limits });
}
