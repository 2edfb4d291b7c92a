import { redshiftDataClient } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { factsOf } from '@orderflow/shared/workflow';
import type * as z from 'zod/mini';
import { dataApi } from '@orderflow/shared/aws';
import type { env } from './env.ts';
import type { FetchRates, RatesDocument } from './handle.ts';

/** All rates since 1999 are about 8 MB. */
const usual = { timeoutMs: 30_000, mostBytes: 32_000_000 };

/** Reads a whole answer of at most `mostBytes`, unpacked. */
async function bounded(answer: Response, mostBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    bytes += (part as Uint8Array).byteLength;
    if (bytes > mostBytes) throw new Error(`the rates are larger than ${mostBytes} bytes`);
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The bank's public documents. It redirects nobody, so that nobody is followed elsewhere. */
export const centralBank = (host: string, { timeoutMs, mostBytes } = usual) => async (name: RatesDocument): Promise<string> => {
  const answer = await fetch(`${host}/stats/eurofxref/${name}`, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs), headers: { accept: 'application/xml' } });
  if (!answer.ok) throw new Error(`${name}: the European Central Bank answers ${answer.status}`);
  return bounded(answer, mostBytes);
};

export const deps = (variables: z.output<typeof env>, tools: Tools): FetchRates => ({
  ...tools,
  warehouse: dataApi(redshiftDataClient(), { workgroup: variables.WORKGROUP, database: variables.DATABASE }),
  facts: factsOf({ stream: variables.FACTS_STREAM, staging: variables.STAGING_BUCKET }),
  document: centralBank(variables.RATES_HOST),
});
