import { MemoryStore } from '@tocsin/common/testing/memory-store';
import { beforeEach } from 'vitest';
import { EmbeddedMovedInMarker } from './embedded-moved-in-marker.store';
import { describeMovedInMarker } from './moved-in-marker.contract';

let store = new MemoryStore();
beforeEach(() => {
  store = new MemoryStore();
});

describeMovedInMarker('embedded', () => new EmbeddedMovedInMarker(store));
