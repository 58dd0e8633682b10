import { copyFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedDueQueue } from '@tocsin/common/due-queue/embedded-due-queue';
import { labelHash } from '@tocsin/common/labels/label-hash';
import { type Log, nullLog } from '@tocsin/common/log/log';
import { parseMatchers } from '@tocsin/common/matchers/parse-matchers';
import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { MemoryStore } from '@tocsin/common/testing/memory-store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { groupId } from '../grouping/group-id';
import { EmbeddedNotificationLog } from '../pipeline/embedded-notification-log.store';
import { NO_RECORD } from '../pipeline/notification-record';
import { buildRouteTree } from '../routing/route-tree';
import { type Silence, type StoredSilence } from '../silences/silence';
import { type SilenceStore, type SilenceWrite, type SilenceWriteResult } from '../silences/silence-store';
import { aRoute } from '../testing/a-config';
import { type TimelineEvent } from '../timeline/timeline-event';
import { EmbeddedMovedInMarker } from './embedded-moved-in-marker.store';
import { MovingInService } from './moving-in.service';

/** Some seconds after the files in testdata were written. */
const startMs = Date.parse('2026-11-21T09:34:00Z');

/** The routes of the Alertmanager that wrote the files, but for the one by `env`. */
const tree = buildRouteTree(
  aRoute({
    receiver: 'team',
    groupBy: ['alertname'],
    children: [
      aRoute({ matchers: critical(), receiver: 'pager', groupBy: ['alertname', 'job'], continue: true }),
      aRoute({ matchers: critical(), receiver: 'team', groupBy: ['alertname'] }),
    ],
  }),
);
const integrations = ['team/webhook/0', 'pager/webhook/0', 'pager/webhook/1'];

describe('moving in', () => {
  let folder: string;
  let clock: FakeClock;
  let store: MemoryStore;
  let silences: FakeSilences;
  let events: TimelineEvent[];
  let lines: { level: string; message: string; fields: unknown }[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tocsin-moving-in-'));
    clock = new FakeClock(startMs);
    store = new MemoryStore();
    silences = new FakeSilences();
    events = [];
    lines = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function records(): EmbeddedNotificationLog {
    const groups = new EmbeddedDueQueue({ queue: 'groups', store, clock });
    const deliveries = new EmbeddedDueQueue({ queue: 'deliveries', store, clock });
    return new EmbeddedNotificationLog({ store, clock, groups, deliveries, position: () => 0 });
  }

  async function start(isUnused = true): Promise<void> {
    const service = new MovingInService({
      folder,
      marker: new EmbeddedMovedInMarker(store),
      isUnused: () => isUnused,
      silences,
      records: records(),
      routes: tree,
      isIntegration: (key) => integrations.includes(key),
      clock,
      log: logInto(lines),
      timeline: { record: (event) => events.push(event) },
    });
    await service.run();
  }

  function leave(name: 'silences' | 'nflog'): void {
    copyFileSync(fileURLToPath(new URL(`testdata/alertmanager-0.25.${name}`, import.meta.url)), join(folder, name));
  }

  async function toldOf(route: { id: string }, labels: Record<string, string>) {
    const id = groupId(route, labels);
    return (await records().load([id])).records.get(id) ?? new Map();
  }

  it('takes over silences as they are and what was told, and says so', async () => {
    leave('silences');
    leave('nflog');
    await start();

    expect([...silences.kept.values()].map(({ comment }) => comment).sort()).toEqual([
      'ended early',
      'naïve, two\nlines',
      'pending',
      'planned work',
    ]);
    const hash = (instance: string) =>
      labelHash({ alertname: 'NodeDown', severity: 'critical', job: 'node', instance });
    const [pager, team] = tree.root.children;
    const told = { hashing: 'xxhash', firing: [hash('a')], resolved: [hash('b')] };
    const ofPager = await toldOf(pager!, { alertname: 'NodeDown', job: 'node' });
    expect(ofPager.get('pager/webhook/0')?.told).toMatchObject(told);
    expect(ofPager.get('pager/webhook/1')?.told).toMatchObject({ firing: [hash('a'), hash('b')], resolved: [] });
    expect((await toldOf(team!, { alertname: 'NodeDown' })).get('team/webhook/0')?.told).toMatchObject(told);
    expect((await toldOf(tree.root, { alertname: 'Dropped' })).get('team/webhook/0')?.told?.firing).toEqual([]);

    const counts = { silences: 4, notifications: 4, known: 0, expired: 0, unmapped: 1 };
    expect(lines).toContainEqual({
      level: 'info',
      message: 'Moved in from Alertmanager',
      fields: { folder, ...counts, unreadable: 0 },
    });
    expect(lines).toContainEqual({
      level: 'info',
      message: 'A notification of Alertmanager belongs to no group of this configuration',
      fields: { integration: 'team/webhook/0', groupKey: expect.stringContaining('{}/{env=~') as string },
    });
    expect(events).toEqual([
      {
        atMs: startMs,
        kind: 'system',
        message:
          'Moved in from Alertmanager: 4 silences and 4 notifications taken over, 0 unreadable, 1 of no group here',
        detail: { ...counts, faults: [] },
      },
    ]);
  });

  it('does it once', async () => {
    leave('silences');
    await start();
    silences = new FakeSilences();
    leave('nflog');
    await start();
    expect(silences.kept.size).toBe(0);
    expect(events).toHaveLength(1);
  });

  it('goes on where it was interrupted, and writes nothing twice', async () => {
    leave('silences');
    leave('nflog');
    silences.failAfter = 0;
    await start();
    expect(lines.map(({ level }) => level)).toContain('warn');
    expect(events).toEqual([]);
    silences.failAfter = Infinity;
    await start(false);
    expect(silences.kept.size).toBe(4);
    expect(events[0]?.detail).toMatchObject({ silences: 4, notifications: 4, known: 0 });
  });

  it('leaves alone what another instance wrote first', async () => {
    leave('silences');
    leave('nflog');
    silences.onWrite = () => silences.put('50f32f0a-2621-43b7-9a6b-0a36ca0071be', 'theirs');
    const [pager] = tree.root.children;
    const id = groupId(pager!, { alertname: 'NodeDown', job: 'node' });
    const record = { ...NO_RECORD, sequence: 7 };
    await records().write([
      {
        groupId: id,
        fence: null,
        changes: [{ integration: 'pager/webhook/0', expectedRevision: 0, record }],
        arms: [],
      },
    ]);
    await start();
    expect(silences.kept.get('50f32f0a-2621-43b7-9a6b-0a36ca0071be')?.comment).toBe('theirs');
    expect((await records().load([id])).records.get(id)?.get('pager/webhook/0')?.sequence).toBe(7);
    expect(events[0]?.detail).toMatchObject({ silences: 3, notifications: 2, known: 3 });
  });

  it('leaves an installation alone that has state already', async () => {
    leave('silences');
    await start(false);
    await start(true);
    expect(silences.kept.size).toBe(0);
    expect(lines).toEqual([
      { level: 'info', message: 'Left the files of an Alertmanager alone: there is state already', fields: { folder } },
    ]);
  });

  it('waits for files that come later', async () => {
    await start();
    expect(lines).toEqual([]);
    leave('silences');
    await start();
    expect(silences.kept.size).toBe(4);
  });

  it('takes over what it can read of damaged files', async () => {
    leave('silences');
    truncateSync(join(folder, 'silences'), 300);
    writeFileSync(join(folder, 'nflog'), 'rubbish');
    await start();
    expect(silences.kept.size).toBe(2);
    expect(lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields)).toEqual([
      { folder, fault: 'silences: entry 3: the file ends too early' },
      { folder, fault: 'nflog: entry 1: the file ends too early' },
    ]);
    expect(events[0]?.detail).toMatchObject({ silences: 2, faults: [expect.any(String), expect.any(String)] });
  });

  it('tries again at the next start where a file could not be opened', async () => {
    mkdirSync(join(folder, 'silences'));
    await start();
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    rmSync(join(folder, 'silences'), { recursive: true });
    leave('silences');
    await start();
    expect(silences.kept.size).toBe(4);
  });

  it('leaves out what Alertmanager would have forgotten', async () => {
    leave('silences');
    leave('nflog');
    clock.set(startMs + 6 * 24 * 3_600_000);
    await start();
    expect([...silences.kept.values()].map(({ comment }) => comment)).not.toContain('ended early');
    expect(events[0]?.detail).toMatchObject({ silences: 3, notifications: 0, expired: 6 });
  });

  it('forgets records of groups that never come back when Alertmanager would', async () => {
    leave('nflog');
    await start();
    clock.set(startMs + 8 * 3_600_000);
    expect(await toldOf(tree.root, { alertname: 'Dropped' })).toEqual(new Map());
  });
});

class FakeSilences implements SilenceStore {
  readonly kept = new Map<string, StoredSilence>();
  readonly silences = this.kept;
  failAfter = Infinity;
  onWrite = () => {};

  put(id: string, comment: string): void {
    this.kept.set(id, { id, comment, version: 1 } as StoredSilence);
  }

  async write(writes: readonly SilenceWrite[]): Promise<SilenceWriteResult> {
    this.onWrite();
    if (this.kept.size >= this.failAfter) throw new Error('the store is out of reach');
    const stored: Silence[] = writes.flatMap((write) => (write.kind === 'store' ? write.silence : []));
    if (stored.some(({ id }) => this.kept.has(id))) return 'conflict';
    for (const silence of stored) this.kept.set(silence.id, { ...silence, version: 1 });
    return 'written';
  }

  onChange(): void {}
}

function critical() {
  const parsed = parseMatchers('severity="critical"', 'utf8');
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.matchers;
}

function logInto(lines: { level: string; message: string; fields: unknown }[]): Log {
  return {
    ...nullLog,
    info: (message, fields) => lines.push({ level: 'info', message, fields }),
    warn: (message, fields) => lines.push({ level: 'warn', message, fields }),
  };
}
