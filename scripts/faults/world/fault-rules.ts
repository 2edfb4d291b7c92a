import type { ShownRule } from '../../local/faults/book.ts';

/** A rule of `/_local/faults`, as it is written: see scripts/local/faults/rules.ts. */
export type Rule = Readonly<Record<string, unknown>>;

/** Faults on demand of the running local cloud. */
export interface FaultRules {
  add(...rules: readonly Rule[]): Promise<void>;
  clear(): Promise<void>;
  shown(): Promise<ShownRule[]>;
  /** How often a rule has struck. */
  hits(id: string): Promise<number>;
}

export function faultRules(awsPort: number): FaultRules {
  const ask = async (method: string, body?: unknown): Promise<ShownRule[]> => {
    const answer = await fetch(`http://127.0.0.1:${awsPort}/_local/faults`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }), signal: AbortSignal.timeout(20_000) });
    const read = (await answer.json()) as { rules?: ShownRule[]; message?: string };
    if (!answer.ok) throw new Error(`faults: ${read.message ?? String(answer.status)}`);
    return read.rules ?? [];
  };
  return {
    async add(...rules) {
      await ask('POST', { rules });
    },
    async clear() {
      await ask('DELETE');
    },
    shown: () => ask('GET'),
    hits: async (id) => (await ask('GET')).find((rule) => rule.id === id)?.hits ?? 0,
  };
}
