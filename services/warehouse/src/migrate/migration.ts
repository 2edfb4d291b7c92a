import { createHash } from 'node:crypto';

/** One numbered file of the schema. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  /** SHA-256 of the file. */
  readonly checksum: string;
  readonly statements: readonly string[];
}

/** Statements of a script: cut at semicolons that stand outside of literals and comments. */
export function cutStatements(script: string): string[] {
  const pieces = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|;|[^'"\-/;]+|[-/]/g;
  const statements: string[] = [];
  let open = '';
  for (const [piece] of script.matchAll(pieces)) {
    if (piece === ';') {
      statements.push(open.trim());
      open = '';
    } else if (!piece.startsWith('--') && !piece.startsWith('/*')) {
      open += piece;
    }
  }
  return [...statements, open.trim()].filter((statement) => statement !== '');
}

/** @throws Error when the file is not named `NNN_what.sql`. */
export function readMigration(file: string, script: string): Migration {
  const [, digits, name] = /^(\d{3})_([a-z0-9_]+)\.sql$/.exec(file) ?? [];
  if (digits === undefined || name === undefined) throw new Error(`${file}: a migration is named NNN_what.sql`);
  return { version: Number(digits), name, checksum: createHash('sha256').update(script).digest('hex'), statements: cutStatements(script) };
}

/** Migrations that are still to be applied. @throws Error when a past one was changed, removed or overtaken. */
export function outstanding(migrations: readonly Migration[], applied: readonly { version: number; checksum: string }[]): Migration[] {
  const known = new Map(applied.map(({ version, checksum }) => [version, checksum]));
  const last = Math.max(0, ...known.keys());
  for (const { version } of applied) {
    if (!migrations.some((one) => one.version === version)) throw new Error(`migration ${version} was applied and is gone from the schema folder`);
  }
  return migrations.filter(({ version, name, checksum }) => {
    const before = known.get(version);
    if (before === undefined && version < last) throw new Error(`migration ${version} (${name}) comes before ${last}, which was already applied: give it a higher number`);
    if (before !== undefined && before !== checksum) throw new Error(`migration ${version} (${name}) was changed after it was applied: put the change into a new one`);
    return before === undefined;
  });
}
