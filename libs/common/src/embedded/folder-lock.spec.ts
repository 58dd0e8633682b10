import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChildProgram, useProgram } from '../testing/child-program';
import { STORAGE_IN_USE } from './embedded.errors';
import { lockFolder } from './folder-lock.client';

const start = useProgram(`
  import { lockFolder } from '@tocsin/common/embedded/folder-lock.client';
  lockFolder(process.argv[2]).then(
    () => { console.log('held'); setInterval(() => {}, 1000); },
    (error) => console.log(error.message),
  );
`);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function startHolder(path = folder): Promise<ChildProgram> {
  const program = start([path]);
  expect(await program.firstLine()).toBe('held');
  return program;
}

describe('lockFolder', () => {
  it('refuses a path that another process holds, naming path and pid', async () => {
    const holder = await startHolder();
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: STORAGE_IN_USE,
      message: `storage path ${folder} is in use by another Tocsin process (pid ${holder.pid})`,
    });
  });

  it('refuses a path that this process holds', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow('in use by this process already');
    await lock.release();
  });

  it('takes a path over at once from a holder that was killed', async () => {
    const holder = await startHolder();
    await holder.kill();
    const startedMs = Date.now();
    const lock = await lockFolder(folder);
    expect(Date.now() - startedMs).toBeLessThan(2_000);
    await lock.release();
    expect(readdirSync(join(folder, 'lock')).filter((name) => name.endsWith('.sock'))).toEqual([]);
  });

  it('refuses a path whose holder is stopped, time after time', async () => {
    const holder = await startHolder();
    holder.child.kill('SIGSTOP');
    for (let attempt = 0; attempt < 20; attempt++)
      await expect(lockFolder(folder)).rejects.toThrow(`pid ${holder.pid}`);
  });

  it('gives a released path to the next', async () => {
    await (await lockFolder(folder)).release();
    await startHolder();
  });

  it('gives the path of a dead holder to exactly one of several starters', async () => {
    const holder = await startHolder();
    await holder.kill();
    const said = await Promise.all(Array.from({ length: 4 }, () => start([folder]).firstLine()));
    expect(said.filter((line) => line === 'held')).toHaveLength(1);
  });

  it.each(['a free path', 'the path of a dead holder'])(
    'gives %s to exactly one of several callers at once',
    async (path) => {
      if (path !== 'a free path') await (await startHolder()).kill();
      const results = await Promise.allSettled(Array.from({ length: 5 }, () => lockFolder(folder)));
      const held = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      expect(held).toHaveLength(1);
      await held[0]?.release();
    },
  );

  it('holds a path too long for a socket', async () => {
    const long = join(folder, 'x'.repeat(120));
    const holder = await startHolder(long);
    await expect(lockFolder(long)).rejects.toThrow(`pid ${holder.pid}`);
    await holder.kill();
    await (await lockFolder(long)).release();
  });
});
