import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Specification } from '../../validate/specification.ts';
import { INERT_TYPES } from './inert-types.ts';
import { KINDS } from './kinds/register.ts';

/**
 * CloudFormation's resource specification for the types that exist here. The whole of it takes 200 MB to load: a process of
 * its own takes out what is needed, once a data directory, and ends. Only deployments through the API ask for it; what
 * `npm start` deploys was judged when it was packaged.
 */
export function specificationIn(folder: string, writer: string): () => Promise<Specification> {
  const types = [...new Set([...Object.keys(KINDS), ...Object.keys(INERT_TYPES)])].sort();
  const file = join(folder, `specification-${createHash('sha256').update(types.join()).digest('hex').slice(0, 8)}.json`);
  let read: Promise<Specification> | undefined;
  const write = async (): Promise<void> => {
    const partial = `${file}.${process.pid}.partial`;
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', writer, partial], { stdio: ['pipe', 'inherit', 'inherit'] });
    child.stdin.end(JSON.stringify(types));
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`the resource specification could not be read: ${writer} ended with ${code}`);
    renameSync(partial, file);
  };
  return () => {
    read ??= (async () => {
      if (!existsSync(file)) await write();
      return JSON.parse(readFileSync(file, 'utf8')) as Specification;
    })().catch((error: unknown) => {
      read = undefined;
      throw error;
    });
    return read;
  };
}
