import { MemoryStore } from '@tocsin/common/testing/memory-store';
import { EmbeddedLiveness } from './embedded-liveness.store';
import { describeLiveness } from './liveness.contract';

describeLiveness('embedded', async () => {
  const store = new MemoryStore();
  const liveness = new EmbeddedLiveness(store);
  return {
    a: liveness,
    b: liveness,
    isShared: false,
    reopen: async () => new EmbeddedLiveness(store),
    close: async () => {},
  };
});
