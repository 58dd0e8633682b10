import { describe, expect, it } from 'vitest';
import { type MovedInMarker } from './moved-in-marker';

/** Every marker must pass this. `open` opens another one on what is kept. */
export function describeMovedInMarker(name: string, open: () => MovedInMarker): void {
  describe(`moved-in marker: ${name}`, () => {
    it('says no until it was written', async () => {
      expect(await open().read()).toBe('no');
    });

    it.each(['begun', 'done'] as const)('keeps %s, for every instance', async (state) => {
      await open().write(state);
      expect(await open().read()).toBe(state);
    });

    it('keeps what was written last', async () => {
      const marker = open();
      await marker.write('begun');
      await marker.write('done');
      expect(await marker.read()).toBe('done');
    });
  });
}
