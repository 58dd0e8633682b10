/** Who asks for a token; templates may make several of one entry. */
export interface WechatCaller {
  readonly secret: string;
  readonly corpId: string;
}

/** How long a token is good, ms. */
const TOKEN_MS = 2 * 3_600_000;

/** Most callers whose tokens are kept; the oldest token goes first. */
const MOST_CALLERS = 32;

interface Kept {
  readonly token: string;
  readonly gotMs: number;
}

/** Tokens that were given, each for the one who asked. */
export class WechatTokens {
  private readonly kept = new Map<string, Kept>();

  /** Null where there is none that is good. */
  of(caller: WechatCaller, nowMs: number): string | null {
    const kept = this.kept.get(keyOf(caller));
    return kept !== undefined && nowMs - kept.gotMs <= TOKEN_MS ? kept.token : null;
  }

  keep(caller: WechatCaller, token: string, gotMs: number): void {
    const key = keyOf(caller);
    // The newest goes to the end.
    this.kept.delete(key);
    this.kept.set(key, { token, gotMs });
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_CALLERS && oldest !== undefined) this.kept.delete(oldest);
  }

  /** Unless there is a newer one. */
  forget(caller: WechatCaller, token: string): void {
    const key = keyOf(caller);
    if (this.kept.get(key)?.token === token) this.kept.delete(key);
  }
}

function keyOf({ secret, corpId }: WechatCaller): string {
  return JSON.stringify([corpId, secret]);
}
