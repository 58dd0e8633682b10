import type { Value } from './value';

/** A value that came out of a place of type `interface {}`: Go still knows that it did, and says so in errors. What
 *  leaves a pipeline has forgotten it. */
export class Boxed {
  constructor(readonly value: Value) {}
}

/** What dot, a variable or a field gives. */
export type Slot = Value | Boxed;

export function unbox(slot: Slot): Value {
  return slot instanceof Boxed ? slot.value : slot;
}
