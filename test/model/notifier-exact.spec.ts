import { it } from 'vitest';
import { LIMIT_MS, playMany } from './many-traces';

it(
  'tells exactly what the reference model tells while nothing fails, however many notifiers share the work',
  () => playMany(true, { long: 2_500, short: 400 }),
  LIMIT_MS,
);
