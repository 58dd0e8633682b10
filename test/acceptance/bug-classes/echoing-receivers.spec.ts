import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { createLogger } from '@tocsin/common/log/logger';
import { kindNames } from '@tocsin/notifier/receivers/kinds.schema';
import { afterEach, describe, expect, it } from 'vitest';
import { Started } from '../../support/started';
import { TempFolder } from '../../support/temp-folder';
import { ClockedNotifier } from '../support/clocked-notifier';
import { type EchoMode, EchoServers } from '../support/echo-server';
import { apiLeaks, leaks, stateLines } from '../support/leaks';
import { NOON_MS } from '../support/story';
import { echoedConfig } from './echoed-canaries';

const started = new Started();
afterEach(() => started.stopAll());

const modes: readonly EchoMode[] = ['rejects', 'fails', 'says no in a 200', 'redirects'];

describe('secrets leak: no canary in anything that comes out when every receiver repeats what it was sent', () => {
  it.each(modes)('and %s', { timeout: 120_000 }, async (mode) => {
    const servers = await started.add(EchoServers.start(mode));
    const folder = await started.add(new TempFolder());
    let files = 0;
    const config = echoedConfig(servers, (text) => folder.write(`secret-${files++}`, `${text}\n`));
    const lines: string[] = [];
    const log = createLogger({ level: 'debug', format: 'json', write: (line) => void lines.push(line) });
    const notifier = await started.add(new ClockedNotifier(new FakeClock(NOON_MS), { log }));
    await notifier.start(config);
    await notifier.fire(['a', 'b']);
    await notifier.pass(70_000);
    await notifier.end(['a']);
    await notifier.pass(70_000);

    // They were told, and what they were told was what may not come out.
    const targets = [servers.http, servers.secure].flatMap(({ requests }) => requests.map(({ target }) => target));
    for (const kind of kindNames.filter((name) => !/^(?:email|pushover)$/.test(name))) {
      expect([kind, targets.some((target) => target.includes(kind) || kind === 'slack')]).toEqual([kind, true]);
    }
    const heard = JSON.stringify([servers.http.requests, servers.secure.requests]);
    expect(new Set(heard.match(/CANARY-[\w-]+/g)).size).toBeGreaterThan(30);
    expect(servers.smtp.connections).toBeGreaterThan(0);

    const found = [
      ...(await apiLeaks(notifier, 'b')),
      ...lines.flatMap((line) => leaks('log', line)),
      ...stateLines(notifier).flatMap((line) => leaks('state', line)),
    ];
    expect(lines.some((line) => line.includes('Notify'))).toBe(true);
    expect(stateLines(notifier).length).toBeGreaterThan(20);
    expect([...new Set(found)]).toEqual([]);
  });
});
