// What the cases of the functions are run on; the expected texts were printed by the peers' packages with the same data.
import { ANY_MAP, ANYS, FLOAT32, INT32, INT64, STRING_MAP, STRINGS, UINT, UINT64 } from '../../basic-types';
import { instantOfMs, ZERO_TIME } from '../../go/instant';
import { TemplateSet } from '../../template-set';
import { GoList, RecordMap, Scalar, type Value } from '../../value';
import type { Functions } from '../common-functions';
import { durationValue } from '../duration-type';
import { timeValue } from '../time-type';

const data: Readonly<Record<string, Value>> = {
  T: timeValue(instantOfMs(1_435_065_584_128)),
  Z: timeValue(ZERO_TIME),
  D: durationValue(90_000_000_000n),
  I: 5n,
  I64: new Scalar(INT64, 7n),
  U: new Scalar(UINT, 8n),
  U64: new Scalar(UINT64, 9n),
  F32: new Scalar(FLOAT32, 1.5),
  I32: new Scalar(INT32, 3n),
  F: 1_234_567.891,
  S: "it's <b>É</b> & co",
  L: new GoList(STRINGS, ['b', 'a', 'c']),
  A: new GoList(ANYS, [1n, 'x', null, 2.5, true]),
  KV: new RecordMap(STRING_MAP, { b: '2', a: '1' }),
  N: null,
  M: new RecordMap(ANY_MAP, { z: 1n, a: new GoList(ANYS, [1n, '<']), n: null }),
};

/** The text of a template, or `error: ` and what is wrong. */
export function render(functions: Functions, text: string, name = ''): string {
  const compiled = new TemplateSet({ functions, missingKey: 'zero' }).compile(text, name);
  if (!compiled.ok) return `error: ${compiled.error.message}`;
  const executed = compiled.template.execute(new RecordMap(ANY_MAP, data));
  return executed.ok ? executed.text : `error: ${executed.error.message}`;
}
