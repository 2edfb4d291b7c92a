import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageServices, serverlessPackage } from '../start/package.ts';

/** Size of every function's package in bytes (zip with linked source map), by `service/function`. */
export async function bundles(root: string): Promise<Record<string, number>> {
  const cache = join(root, '.orderflow/packages');
  const services = await packageServices({ root, cache, run: serverlessPackage(root, cache, new AbortController().signal) });
  const sizes: Record<string, number> = {};
  for (const { service } of services) {
    const folder = join(cache, service);
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.zip')).sort()) {
      sizes[`${service}/${file.slice(0, -4)} zipBytes`] = statSync(join(folder, file)).size;
    }
  }
  const all = Object.values(sizes);
  return { ...sizes, functions: all.length, 'largest zipBytes': Math.max(0, ...all), 'together zipBytes': all.reduce((sum, size) => sum + size, 0) };
}
