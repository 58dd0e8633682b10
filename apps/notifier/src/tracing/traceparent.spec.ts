import { describe, expect, it } from 'vitest';
import { formatTraceparent, parseTraceparent } from './traceparent';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const span = '00f067aa0ba902b7';
const read = { traceId: trace, spanId: span, isSampled: true, isRemote: true };

describe('parseTraceparent', () => {
  it.each([
    ['a sampled one', `00-${trace}-${span}-01`, read],
    ['one that is not sampled', `00-${trace}-${span}-00`, { ...read, isSampled: false }],
    ['the sampled bit among others', `00-${trace}-${span}-03`, read],
    ['a later version, which may say more', `cc-${trace}-${span}-01-what`, read],
    ['more than version 00 has', `00-${trace}-${span}-01-what`, null],
    ['the version that is none', `ff-${trace}-${span}-01`, null],
    ['no trace', `00-${'0'.repeat(32)}-${span}-01`, null],
    ['no span', `00-${trace}-${'0'.repeat(16)}-01`, null],
    ['upper case', `00-${trace.toUpperCase()}-${span}-01`, null],
    ['too little', `00-${trace}-01`, null],
    ['nothing', undefined, null],
    ['two headers', [`00-${trace}-${span}-01`, `00-${trace}-${span}-01`], null],
  ])('%s', (_, header, expected) => expect(parseTraceparent(header)).toEqual(expected));
});

it.each([
  ['sampled', `00-${trace}-${span}-01`],
  ['not sampled', `00-${trace}-${span}-00`],
])('formats what it read: %s', (_, header) => {
  const ref = parseTraceparent(header);
  expect(ref && formatTraceparent(ref)).toBe(header);
});
