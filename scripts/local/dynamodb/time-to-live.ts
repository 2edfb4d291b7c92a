import type { Item } from './dynalite-types.ts';
import { dynamoError } from './dynamo-error.ts';
import type { Engine } from './engine.ts';
import { changeSettings, readSettings } from './table-settings.ts';

type Input = Record<string, unknown>;

/** Time to live, and backups, which are described but not made. */
export class TimeToLive {
  readonly #engine: Engine;
  readonly #now: () => number;

  constructor(engine: Engine, now: () => number = Date.now) {
    this.#engine = engine;
    this.#now = now;
  }

  update(input: Input): Input {
    const asked = input['TimeToLiveSpecification'] as { Enabled: boolean; AttributeName: string } | undefined;
    if (typeof asked?.AttributeName !== 'string' || asked.AttributeName === '' || typeof asked.Enabled !== 'boolean') throw dynamoError('ValidationException', 'TimeToLiveSpecification must have AttributeName and Enabled');
    changeSettings(this.#engine, input['TableName'], (settings) => {
      if ((settings.ttl !== undefined) === asked.Enabled) throw dynamoError('ValidationException', `TimeToLive is already ${asked.Enabled ? 'enabled' : 'disabled'}`);
      if (!asked.Enabled && settings.ttl !== asked.AttributeName) throw dynamoError('ValidationException', 'TimeToLive is active on a different AttributeName: current AttributeName is ' + String(settings.ttl));
      if (asked.Enabled) settings.ttl = asked.AttributeName;
      else delete settings.ttl;
    });
    return { TimeToLiveSpecification: asked };
  }

  describe(input: Input): Input {
    const { ttl } = readSettings(this.#engine, input['TableName']);
    return { TimeToLiveDescription: ttl === undefined ? { TimeToLiveStatus: 'DISABLED' } : { TimeToLiveStatus: 'ENABLED', AttributeName: ttl } };
  }

  updateBackups(input: Input): Input {
    const asked = input['PointInTimeRecoverySpecification'] as { PointInTimeRecoveryEnabled: boolean } | undefined;
    if (typeof asked?.PointInTimeRecoveryEnabled !== 'boolean') throw dynamoError('ValidationException', 'PointInTimeRecoverySpecification must have PointInTimeRecoveryEnabled');
    changeSettings(this.#engine, input['TableName'], (settings) => (settings.pointInTimeRecovery = asked.PointInTimeRecoveryEnabled));
    return this.describeBackups(input);
  }

  describeBackups(input: Input): Input {
    const on = readSettings(this.#engine, input['TableName']).pointInTimeRecovery === true;
    const now = this.#now() / 1000;
    return { ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: on ? 'ENABLED' : 'DISABLED', ...(on && { RecoveryPeriodInDays: 35, EarliestRestorableDateTime: now, LatestRestorableDateTime: now }) } } };
  }

  /**
   * Deletes what has expired, indexes included. Works through each table in slices and lets other requests in between.
   * AWS takes up to days; a reader must not rely on the moment here either.
   */
  async expire(slice = 1000): Promise<number> {
    const { store } = this.#engine;
    let deleted = 0;
    for (const name of store.tableDb.createKeyStream()) {
      const { ttl } = readSettings(this.#engine, name);
      if (ttl === undefined) continue;
      const find = store.database.prepare(`SELECT key, CAST(json_extract(value, '$.' || json_quote(?) || '.N') AS INTEGER) AS expires, value FROM item WHERE space = ? AND key > ? ORDER BY key LIMIT ?`);
      for (let from = ''; ; ) {
        const rows = find.all(ttl, store.getItemDb(name).id, from, slice);
        for (const row of rows) {
          // an item more than five years past is not deleted, as on AWS (a time in ms would otherwise pass for one in s)
          const expires = Number(row['expires'] ?? Number.NaN);
          const now = this.#now() / 1000;
          if (!(expires < now && expires > now - 5 * 365 * 86_400)) continue;
          const item = JSON.parse(row['value'] as string) as Item;
          const table = this.#engine.table(name);
          const key = Object.fromEntries(table.KeySchema.map((element) => [element.AttributeName, item[element.AttributeName]]));
          this.#engine.run('DeleteItem', { TableName: name, Key: key });
          deleted++;
        }
        const last = rows.at(-1);
        if (!last || rows.length < slice) break;
        from = String(last['key']);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    return deleted;
  }
}
