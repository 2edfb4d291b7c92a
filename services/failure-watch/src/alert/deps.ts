import { documentClient } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import type * as z from 'zod/mini';
import { dynamoWatchTable } from '../watch-table.ts';
import type { env } from './env.ts';
import type { Deps } from './handle.ts';

export const deps = ({ WATCH_TABLE }: z.output<typeof env>, tools: Tools): Deps => ({ ...tools, table: dynamoWatchTable(documentClient(), WATCH_TABLE) });
