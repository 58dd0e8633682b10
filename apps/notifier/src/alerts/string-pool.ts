import { type Labels } from '@tocsin/common/labels/label-set';

/** Distinct texts remembered before the pool starts over; what it forgets is at worst kept twice. */
const MAX_TEXTS = 50_000;

/** Longer texts (descriptions with values in them) are hardly ever equal. */
const MAX_LENGTH = 120;

/** Makes equal texts one object in memory: most label values of 100 000 alerts are the same few thousand. */
export class StringPool {
  private texts = new Map<string, string>();

  text(text: string): string {
    if (text.length > MAX_LENGTH) return text;
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    if (this.texts.size === MAX_TEXTS) this.texts = new Map();
    this.texts.set(text, text);
    return text;
  }

  /** The same labels with pooled values. */
  labels(labels: Labels): Labels {
    const pooled: Record<string, string> = { ...labels };
    // Only own keys that exist are assigned, so a name like `__proto__` is as good as any other.
    for (const name of Object.keys(pooled)) pooled[name] = this.text(pooled[name]!);
    return pooled;
  }
}
