import type * as z from 'zod/mini';
import { secretsClient } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { httpLookUp } from '../payments/http-look-up.ts';
import { secretKeys } from '../payments/keys.ts';
import { stepDeps } from '@orderflow/shared/workflow';
import type { env } from './env.ts';
import type { Deps } from './handle.ts';

export const deps = (variables: z.output<typeof env>, tools: Tools): Deps => {
  const standIn = variables.PAYMENTS_URL;
  return {
    ...stepDeps(variables, tools),
    payments: httpLookUp({
      fetch,
      ...(standIn === undefined
        ? { keyOf: secretKeys(secretsClient(), variables.STAGE, tools.clock) }
        : { hostOf: (provider) => `${standIn}/${provider}`, keyOf: async () => 'local' }),
    }),
  };
};
