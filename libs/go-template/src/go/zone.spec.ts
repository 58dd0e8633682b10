import { describe, expect, it } from 'vitest';
import { LOCAL, loadZone, localZone, UTC } from './zone';

function read(name: string, time: string): string {
  const loaded = loadZone(name);
  if (!loaded.ok) return loaded.error;
  const { offsetSec, abbreviation } = loaded.zone.at(Date.parse(time) / 1000);
  return `${loaded.zone.name} ${offsetSec} ${abbreviation}`;
}

// As Go's time.LoadLocation with release 2025c of the database.
describe('loadZone', () => {
  it.each([
    ['', '2026-01-01T00:00:00Z', 'UTC 0 UTC'],
    ['UTC', '2026-01-01T00:00:00Z', 'UTC 0 UTC'],
    ['Europe/Berlin', '2026-03-29T00:59:59Z', 'Europe/Berlin 3600 CET'],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', 'Europe/Berlin 7200 CEST'],
    ['America/New_York', '2026-11-01T05:59:59Z', 'America/New_York -14400 EDT'],
    ['America/New_York', '2026-11-01T06:00:00Z', 'America/New_York -18000 EST'],
    ['US/Pacific', '2026-11-01T00:00:00Z', 'US/Pacific -25200 PDT'],
    ['Asia/Calcutta', '2026-11-01T00:00:00Z', 'Asia/Calcutta 19800 IST'],
    ['Asia/Jerusalem', '2026-07-01T00:00:00Z', 'Asia/Jerusalem 10800 IDT'],
    ['Europe/Dublin', '2026-07-01T00:00:00Z', 'Europe/Dublin 3600 IST'],
    ['America/Sao_Paulo', '2026-07-01T00:00:00Z', 'America/Sao_Paulo -10800 -03'],
    ['Asia/Kathmandu', '2026-07-01T00:00:00Z', 'Asia/Kathmandu 20700 +0545'],
    ['Etc/GMT-14', '2026-07-01T00:00:00Z', 'Etc/GMT-14 50400 +14'],
    ['Europe/Berlin', '0001-01-01T00:00:00Z', 'Europe/Berlin 3208 LMT'],
    ['Mars/Olympus', '2026-07-01T00:00:00Z', 'unknown time zone Mars/Olympus'],
    ['europe/berlin', '2026-07-01T00:00:00Z', 'unknown time zone europe/berlin'],
    ['+02:00', '2026-07-01T00:00:00Z', 'unknown time zone +02:00'],
    ['../etc/passwd', '2026-07-01T00:00:00Z', 'time: invalid location name'],
    ['/etc/passwd', '2026-07-01T00:00:00Z', 'time: invalid location name'],
  ])('%j at %s', (name, time, expected) => expect(read(name, time)).toBe(expected));

  it('does not mix up the instants it knows', () => {
    const times = Array.from({ length: 600 }, (_, day) => new Date(Date.UTC(2025, 0, 1 + day)).toISOString());
    const once = times.map((time) => read('Europe/Berlin', time));
    expect(times.map((time) => read('Europe/Berlin', time))).toEqual(once);
    expect(new Set(once).size).toBe(2);
  });

  it('calls the zone of the machine Local', () => {
    const berlin = localZone('Europe/Berlin');
    expect(berlin.name).toBe('Local');
    expect(berlin.at(0)).toEqual({ offsetSec: 3600, abbreviation: 'CET' });
    expect(loadZone('Local')).toEqual({ ok: true, zone: LOCAL });
  });

  it('takes UTC for a machine whose zone is unknown', () => expect(localZone('Nowhere')).toBe(UTC));
});
