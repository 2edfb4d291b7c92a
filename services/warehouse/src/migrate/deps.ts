import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { documentClient, redshiftDataClient } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import type * as z from 'zod/mini';
import { dataApi } from '@orderflow/shared/aws';
import { dynamoLease } from '../load/lease.ts';
import type { env } from './env.ts';
import type { Migrate } from './handle.ts';
import { readMigration, type Migration } from './migration.ts';

/** The numbered files of a folder, in order. */
export const migrationsIn = (folder: string): Migration[] =>
  readdirSync(folder).filter((file) => file.endsWith('.sql')).sort().map((file) => readMigration(file, readFileSync(join(folder, file), 'utf8')));

export const deps = (env_: z.output<typeof env>, tools: Tools): Migrate => ({
  ...tools,
  migrations() {
    // `invoke local` runs in a build folder below the service
    const here = process.cwd();
    const folder = [env_.LAMBDA_TASK_ROOT ?? here, here, join(here, '..', '..')].map((root) => join(root, 'schema')).find(existsSync);
    if (folder === undefined) throw new Error('the bundle has no folder schema');
    return migrationsIn(folder);
  },
  warehouse: dataApi(redshiftDataClient(), { workgroup: env_.WORKGROUP, database: env_.DATABASE }),
  lease: dynamoLease(documentClient(), env_.LEASE_TABLE),
  writerRoles: env_.WRITER_ROLES.split(',').filter((role) => role !== ''),
  settings: { reporting_currency: env_.REPORTING_CURRENCY },
  pause: (milliseconds) => pause(milliseconds),
  async reply(url, body) {
    const answer = await fetch(url, { method: 'PUT', body: JSON.stringify(body), headers: { 'content-type': '' } });
    if (!answer.ok) throw new Error(`CloudFormation did not take the answer: ${answer.status}`);
  },
});
