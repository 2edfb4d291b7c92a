import { existsSync } from 'node:fs';
import type { Journal } from '../journal.ts';
import type { FunctionDefinition } from './function.ts';

/** Deployed functions on disk: those of an earlier process are there again. */
export interface FunctionStore {
  all(): FunctionDefinition[];
  put(definition: FunctionDefinition): void;
  remove(name: string): void;
}

export function createFunctionStore(journal: Journal): FunctionStore {
  journal.define('CREATE TABLE IF NOT EXISTS lambda_function (name TEXT PRIMARY KEY, definition TEXT NOT NULL) WITHOUT ROWID');
  return {
    all: () =>
      journal.all<{ definition: string }>('SELECT definition FROM lambda_function ORDER BY name')
        .map((row) => JSON.parse(row.definition) as FunctionDefinition)
        .filter((definition) => {
          const there = existsSync(definition.folder);
          if (!there) process.stderr.write(`local cloud: the code of function ${definition.name} is gone from ${definition.folder}: deploy it again\n`);
          return there;
        }),
    put: (definition) => void journal.write('INSERT OR REPLACE INTO lambda_function VALUES (?, ?)', definition.name, JSON.stringify(definition)),
    remove: (name) => void journal.write('DELETE FROM lambda_function WHERE name = ?', name),
  };
}
