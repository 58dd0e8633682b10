import { describe, expect, it } from 'vitest';
import { useRedis } from '../testing/redis-fixture';
import { guardLua, isRefusedByGuard, luaCommand, runLua } from './lua-command.loader';

const redis = useRedis();

describe('luaCommand', () => {
  it('reads name and number of keys from the file name', () => {
    expect(luaCommand('claimDue-3', '')).toMatchObject({ name: 'claimDue', keyCount: 3 });
    expect(luaCommand('armDue-N', '')).toMatchObject({ name: 'armDue', keyCount: null });
  });

  it.each(['claimDue', 'claimDue-', 'claimDue-x', '-3', 'claim due-3'])('refuses the file name "%s"', (file) => {
    expect(() => luaCommand(file, '')).toThrow('named');
  });

  it('puts snippets where they are asked for, text for text', () => {
    const command = luaCommand('x-0', "--@include a\n--@include b\nreturn '--@include a'", {
      a: "local a = '$&'",
      b: 'local b',
    });
    expect(command.source).toBe("local a = '$&'\nlocal b\nreturn '--@include a'");
  });

  it('refuses an unknown snippet', () => {
    expect(() => luaCommand('x-0', '--@include nothing')).toThrow('x-0.lua includes "nothing"');
  });
});

describe('runLua', () => {
  it('passes keys and arguments, to one command and the next', async () => {
    const { commands } = redis.connect();
    const two = luaCommand('two-2', 'return { #KEYS, KEYS[2], ARGV[1] }');
    const any = luaCommand('any-N', 'return { #KEYS, #ARGV }');
    expect(await runLua(commands, two, ['{t}a', '{t}b'], ['x'])).toEqual([2, '{t}b', 'x']);
    expect(await runLua(commands, any, [], [1, 2])).toEqual([0, 2]);
    expect(await runLua(commands, any, ['{t}a'], [])).toEqual([1, 0]);
  });

  it('runs commands of one name and different text side by side', async () => {
    const { commands } = redis.connect();
    const [old, young] = [luaCommand('same-0', 'return 1'), luaCommand('same-0', 'return 2')];
    expect(await Promise.all([old, young, old].map((command) => runLua(commands, command, [], [])))).toEqual([1, 2, 1]);
  });

  it('refuses another number of keys', () => {
    const { commands } = redis.connect();
    expect(() => runLua(commands, luaCommand('two-2', ''), ['a'], [])).toThrow('two takes 2 keys, not 1');
  });

  it('sends the text again to a server that forgot it', async () => {
    const { commands } = redis.connect();
    const command = luaCommand('one-0', 'return 1');
    await runLua(commands, command, [], []);
    await redis.admin.script('FLUSH');
    expect(await runLua(commands, command, [], [])).toBe(1);
  });
});

describe('guardLua', () => {
  const counts = luaCommand('counts-N', 'return { #KEYS, #ARGV, KEYS[1] or "", ARGV[1] or "" }');

  it.each([
    ['runs where epoch and position are as known', 'e1', '5', true],
    ['runs where the position went on', 'e1', '6', true],
    ['refuses where the epoch is another', 'e2', '5', false],
    ['refuses where the position went back', 'e1', '4', false],
    ['refuses where there is nothing', null, null, false],
  ])('%s', async (_, epoch, position, isRun) => {
    const { commands } = redis.connect();
    const [epochKey, positionKey] = [redis.keys.epoch(), redis.keys.alertPosition()];
    if (epoch !== null) await redis.admin.set(epochKey, epoch);
    if (position !== null) await redis.admin.set(positionKey, position);
    let refused = 0;
    guardLua(commands, () => ({ epochKey, positionKey, epoch: 'e1', position: 5, onRefused: () => refused++ }));
    const run = runLua(commands, counts, [epochKey], ['x']);
    if (isRun) expect(await run).toEqual([1, 1, epochKey, 'x']);
    else expect(isRefusedByGuard(await run.catch((error: unknown) => error))).toBe(true);
    expect(refused).toBe(isRun ? 0 : 1);
  });
});
