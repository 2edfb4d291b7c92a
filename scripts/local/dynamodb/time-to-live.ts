import type { Engine } from './engine.ts';
import { dynamoError } from './engine.ts';
import type { Item } from './dynalite-types.ts';

type Input = Record<string, unknown>;

interface Settings {
  ttl?: string;
  pointInTimeRecovery?: boolean;
}

/** Table settings that dynalite does not know, and the deletion of what has expired. */
export class TableSettings {
  readonly #engine: Engine;
  readonly #now: () => number;

  constructor(engine: Engine, now: () => number = Date.now) {
    this.#engine = engine;
    this.#now = now;
  }

  updateTimeToLive(input: Input): Input {
    const asked = input['TimeToLiveSpecification'] as { Enabled: boolean; AttributeName: string };
    this.#change(input, (settings) => {
      if ((settings.ttl !== undefined) === asked.Enabled) throw dynamoError('ValidationException', `TimeToLive is already ${asked.Enabled ? 'enabled' : 'disabled'}`);
      if (asked.Enabled) settings.ttl = asked.AttributeName;
      else delete settings.ttl;
    });
    return { TimeToLiveSpecification: asked };
  }

  describeTimeToLive(input: Input): Input {
    const { ttl } = this.#read(input);
    return { TimeToLiveDescription: ttl === undefined ? { TimeToLiveStatus: 'DISABLED' } : { TimeToLiveStatus: 'ENABLED', AttributeName: ttl } };
  }

  updateContinuousBackups(input: Input): Input {
    const asked = input['PointInTimeRecoverySpecification'] as { PointInTimeRecoveryEnabled: boolean };
    this.#change(input, (settings) => (settings.pointInTimeRecovery = asked.PointInTimeRecoveryEnabled));
    return this.describeContinuousBackups(input);
  }

  describeContinuousBackups(input: Input): Input {
    const status = this.#read(input).pointInTimeRecovery ? 'ENABLED' : 'DISABLED';
    return { ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: status } } };
  }

  /**
   * Deletes what has expired, indexes included. Works through each table in slices and lets other requests in between.
   * AWS takes up to days; a reader must not rely on the moment here either.
   */
  async expire(slice = 1000): Promise<number> {
    const { store } = this.#engine;
    let deleted = 0;
    for (const name of store.tableDb.createKeyStream()) {
      const { ttl } = this.#read({ TableName: name });
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

  #read(input: Input): Settings {
    const table = this.#engine.table(String(input['TableName']));
    let settings: Settings = {};
    this.#engine.store.settings().get(table.TableName, (error, found) => {
      if (!error) settings = found as Settings;
    });
    return settings;
  }

  #change(input: Input, edit: (settings: Settings) => void): void {
    const settings = this.#read(input);
    edit(settings);
    this.#engine.store.settings().put(String(input['TableName']), settings, () => undefined);
  }
}
