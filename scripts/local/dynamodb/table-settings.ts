import type { Engine } from './engine.ts';

/** What dynalite does not know of a table. */
export interface Settings {
  /** Attribute of the time to live. */
  ttl?: string;
  pointInTimeRecovery?: boolean;
  deletionProtection?: boolean;
  encrypted?: boolean;
  tableClass?: string;
}

/** Settings of the table, which is there. @throws DynamoError ResourceNotFoundException */
export function readSettings(engine: Engine, tableName: unknown): Settings {
  const table = engine.table(String(tableName));
  let settings: Settings = {};
  engine.store.settings().get(table.TableName, (error, found) => {
    if (!error) settings = found as Settings;
  });
  return settings;
}

export function changeSettings(engine: Engine, tableName: unknown, edit: (settings: Settings) => void): void {
  const settings = readSettings(engine, tableName);
  edit(settings);
  engine.store.settings().put(String(tableName), settings, () => undefined);
}
