import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { featuresOf } from '../src/model/features.ts';

export interface Example {
  readonly features: Uint32Array;
  readonly label: 0 | 1;
}

export interface DataFile {
  readonly name: string;
  readonly sha256: string;
  readonly examples: readonly Example[];
}

/** Reads a file of labelled sentences: `0` or `1`, a tab or space, the text; one a line. Latin-1 files read as such. */
export function readExamples(path: string, name: string): DataFile {
  const bytes = readFileSync(path);
  const examples: Example[] = [];
  for (const line of bytes.toString('utf8').split('\n')) {
    const match = /^([01])[\t ](.+)$/.exec(line.trim());
    if (match?.[1] && match[2]) examples.push({ label: match[1] === '1' ? 1 : 0, features: featuresOf(match[2]) });
  }
  if (examples.length === 0) throw new Error(`${name} holds no line of the form "0 text" or "1<tab>text"`);
  return { name, sha256: createHash('sha256').update(bytes).digest('hex'), examples };
}
