/**
 * What Redshift locks: a writer takes a table's write lock and keeps it to the end of its transaction; another writer of
 * that table waits; readers do not (https://docs.aws.amazon.com/redshift/latest/dg/c_write_readwrite.html). PostgreSQL
 * has the same lock modes, but its own writers do not exclude each other: here they ask for the lock first, before their
 * snapshot is taken, so that a transaction that begins with a write sees what the one before it has committed.
 */
const written = /^(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|DELETE|MERGE\s+INTO|COPY)\s+([\w."\u0001]+)/i;

/** The same after WITH: the statement follows a closing bracket. */
const writtenWith = /^WITH\b[\s\S]*\)\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+([\w."\u0001]+)/i;

/** The table that a statement (literals masked) writes rows to; undefined where it writes none. */
export const tableWritten = (code: string): string | undefined => (written.exec(code.trim()) ?? writtenWith.exec(code.trim()))?.[1];

export const writeLock = (table: string): string => `LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`;

/** Statements that run by themselves, outside of any transaction of ours. */
export const runsAlone = (code: string): boolean => /^\s*(VACUUM|ANALYZE|SELECT|WITH|SHOW|EXPLAIN|SET|RESET|ALTER\s+DATABASE)\b/i.test(code);
