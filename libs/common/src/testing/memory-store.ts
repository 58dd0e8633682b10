export { MemoryStore } from '../embedded/memory.store';
