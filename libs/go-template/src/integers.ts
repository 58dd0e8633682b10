/** Whether a kind is one of the integers. */
export function isIntKind(kind: string): boolean {
  return /^u?int/.test(kind);
}

/** An integer as a kind holds it, which cuts off what is too large. */
export function wrapInt(value: bigint, kind: string): bigint {
  const bits = Number(/[0-9]+$/.exec(kind)?.[0] ?? 64);
  return kind.startsWith('u') ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
}
