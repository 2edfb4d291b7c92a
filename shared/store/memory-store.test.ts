import { inFlightStoreContract } from './contract.ts';
import { MemoryStore } from './memory-store.ts';

describe('MemoryStore', () => {
  const store = new MemoryStore(() => Date.parse('2026-11-22T10:00:00Z'));
  inFlightStoreContract(() => store);
});
