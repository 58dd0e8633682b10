import { type SpanRef } from './tracer';

/** Groups remembered at most; the oldest are forgotten. */
const MAX_GROUPS = 10_000;
/** Causes remembered of one group. */
const MAX_POSTS = 8;

/**
 * What led to the work that is done for a group later: in this process only, and only while something is traced.
 *
 * Traces are not worth a place in the alert book: what another instance does begins a trace of its own.
 */
export class TraceCauses {
  private readonly posts = new Map<string, SpanRef[]>();
  private readonly flushes = new Map<string, SpanRef>();

  /** Alerts that came in with this span gave these groups work. */
  armed(groupIds: Iterable<string>, by: SpanRef): void {
    for (const groupId of groupIds) {
      const known = this.posts.get(groupId);
      if (known === undefined) put(this.posts, groupId, [by]);
      else if (known.length < MAX_POSTS && !known.includes(by)) known.push(by);
    }
  }

  /** What came in since the last flush of a group; asked once. */
  takePosts(groupId: string): readonly SpanRef[] {
    const posts = this.posts.get(groupId);
    if (posts === undefined) return [];
    this.posts.delete(groupId);
    return posts;
  }

  /** This flush of a group decided what is to be delivered. */
  flushed(groupId: string, by: SpanRef): void {
    put(this.flushes, groupId, by);
  }

  /** The flush whose decision is delivered; null: it was not here. */
  flushOf(groupId: string): SpanRef | null {
    return this.flushes.get(groupId) ?? null;
  }
}

function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= MAX_GROUPS) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
