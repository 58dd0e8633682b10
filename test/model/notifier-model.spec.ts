import { it } from 'vitest';
import { LIMIT_MS, playMany } from './many-traces';

it(
  'loses nothing, repeats only what was in flight and closes what it opened, whatever fails',
  () => playMany(false, { long: 10_000, short: 500 }),
  LIMIT_MS,
);
