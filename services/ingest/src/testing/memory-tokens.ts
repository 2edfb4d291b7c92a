import type { KeptToken, TokenStore } from '../vendor/tokens.ts';

/** Tokens in memory, with leases. */
export function memoryTokens(clock: () => number): TokenStore {
  const tokens = new Map<string, KeptToken>();
  const leases = new Map<string, { readonly owner: string; readonly until: number }>();
  return {
    read: async ({ source, account }) => tokens.get(`${source}:${account}`),
    write: async ({ source, account }, token) => void tokens.set(`${source}:${account}`, token),
    async lock({ source, account }, owner, leaseMs) {
      const held = leases.get(`${source}:${account}`);
      if (held && held.until >= clock()) return false;
      leases.set(`${source}:${account}`, { owner, until: clock() + leaseMs });
      return true;
    },
    async unlock({ source, account }, owner) {
      if (leases.get(`${source}:${account}`)?.owner === owner) leases.delete(`${source}:${account}`);
    },
  };
}
