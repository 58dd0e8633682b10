import { expect, it } from 'vitest';
import { aRef } from './testing/fake-tracer';
import { TraceCauses } from './trace-causes';

it('hands out once what gave a group its work', () => {
  const causes = new TraceCauses();
  causes.armed(['a', 'b'], aRef(1));
  causes.armed(['a'], aRef(2));
  expect(causes.takePosts('a')).toEqual([aRef(1), aRef(2)]);
  expect(causes.takePosts('a')).toEqual([]);
  expect(causes.takePosts('b')).toEqual([aRef(1)]);
});

it('keeps few causes of a group that many lead to, each once', () => {
  const causes = new TraceCauses();
  for (let number = 1; number <= 20; number++) {
    const ref = aRef(number);
    causes.armed(['a'], ref);
    causes.armed(['a'], ref);
  }
  expect(causes.takePosts('a')).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((number) => aRef(number)));
});

it('remembers the last flush of a group for all of its deliveries', () => {
  const causes = new TraceCauses();
  causes.flushed('a', aRef(1));
  causes.flushed('a', aRef(2));
  expect([causes.flushOf('a'), causes.flushOf('a'), causes.flushOf('b')]).toEqual([aRef(2), aRef(2), null]);
});

it('forgets the oldest of very many groups', () => {
  const causes = new TraceCauses();
  for (let number = 0; number <= 10_000; number++) causes.flushed(`g${number}`, aRef(number));
  causes.flushed('g1', aRef(7));
  causes.flushed('new', aRef(8));
  expect(['g0', 'g1', 'g2', 'g3'].map((id) => causes.flushOf(id) !== null)).toEqual([false, true, false, true]);
});
