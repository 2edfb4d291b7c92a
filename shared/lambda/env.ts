import * as z from 'zod/mini';

/** Thrown when a function's environment is not what its schema says; names the variables, never their values. */
export class BadEnvironment extends Error {
  constructor(variables: readonly string[]) {
    super(`environment: ${variables.join(', ')} missing or malformed; see this function's env.ts`);
    this.name = 'BadEnvironment';
  }
}

/** Reads the environment once through `schema`. @throws BadEnvironment */
export function readEnv<Schema extends z.ZodMiniType>(
  schema: Schema,
  from: Readonly<Record<string, string | undefined>> = process.env,
): z.output<Schema> {
  const read = z.safeParse(schema, from);
  if (read.success) return read.data;
  throw new BadEnvironment([...new Set(read.error.issues.map((issue) => String(issue.path[0] ?? '?')))]);
}

/** Powertools' own switch (https://docs.aws.amazon.com/powertools/typescript/latest/environment-variables/). */
export const tracingOn = (): boolean => process.env['POWERTOOLS_TRACE_ENABLED'] !== 'false';
