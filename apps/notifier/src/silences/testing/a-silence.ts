import { type Silence, type SilenceMatcher, type StoredSilence } from '../silence';

/** `name=value`, with any of the four operators. */
export function aMatcher(text: string): SilenceMatcher {
  const [, name = '', op = '=', value = ''] = /^(.*?)(=~|!~|!=|=)(.*)$/s.exec(text) ?? [];
  return { name, op: op as SilenceMatcher['op'], value };
}

/** A silence of alertname X, active for the first hour of 2026. */
export function aSilence(overrides: Partial<Silence> = {}): Silence {
  return {
    id: '11111111-1111-4111-8111-111111111111',
    matcherSets: [[aMatcher('alertname=X')]],
    startsAtMs: Date.UTC(2026, 0, 1),
    endsAtMs: Date.UTC(2026, 0, 1, 1),
    updatedAtMs: Date.UTC(2026, 0, 1),
    createdBy: 'me',
    comment: 'because',
    annotations: {},
    ...overrides,
  };
}

/** The same with a version. */
export function aStoredSilence(overrides: Partial<StoredSilence> = {}): StoredSilence {
  return { ...aSilence(overrides), version: overrides.version ?? 1 };
}
