import { DatabaseSync } from 'node:sqlite';
import { oneRow } from '../sqlite-row.ts';
import type { Group, LogEvent, LogFile, Stream } from './log-file.ts';

const FLUSH_MS = 100;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Longer messages are cut, as on AWS. */
const MOST_CHARACTERS = 1_048_576;

export interface LogBounds {
  /** Newest events that are kept, over all groups; the oldest go first. */
  readonly events: number;
  /** Characters of all messages together, likewise. */
  readonly characters: number;
}
const BOUNDS: LogBounds = { events: 300_000, characters: 256 * 1024 * 1024 };

/** Of the tables; a file of another one is begun anew. */
const SHAPE = 3;
const SCHEMA = `PRAGMA user_version=${SHAPE};
  CREATE TABLE IF NOT EXISTS log_group (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, made_at INTEGER NOT NULL, retention_days INTEGER, tags TEXT NOT NULL DEFAULT '{}');
  CREATE TABLE IF NOT EXISTS log_stream (id INTEGER PRIMARY KEY, log_group INTEGER NOT NULL, name TEXT NOT NULL, made_at INTEGER NOT NULL, UNIQUE (log_group, name));
  CREATE TABLE IF NOT EXISTS log_event (id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, at INTEGER NOT NULL, took_at INTEGER NOT NULL, message TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS log_event_of_stream ON log_event (stream, at, id);
  CREATE TABLE IF NOT EXISTS log_total (characters INTEGER NOT NULL);`;

/** `listen` sees each message as it comes (metrics in the embedded metric format). */
export function openLogFile(file: string, listen: (message: string, at: number) => void, bounds: LogBounds = BOUNDS): LogFile {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;');
  if (database.prepare('PRAGMA user_version').get()?.['user_version'] !== SHAPE) database.exec('DROP TABLE IF EXISTS event; DROP TABLE IF EXISTS log_event; DROP TABLE IF EXISTS log_stream; DROP TABLE IF EXISTS log_group; DROP TABLE IF EXISTS log_total');
  database.exec(SCHEMA);
  const insert = database.prepare('INSERT INTO log_event (stream, at, took_at, message) VALUES (?, ?, ?, ?)');
  const known = new Map<string, Map<string, number>>();
  // counted as they come: to add them up would be to read all of them at every start
  let characters = Number(database.prepare('SELECT characters FROM log_total').get()?.['characters'] ?? 0);
  const keepTotal = (): void => {
    database.exec(`DELETE FROM log_total; INSERT INTO log_total VALUES (${characters})`);
  };
  let waiting: { stream: number; at: number; took: number; message: string }[] = [];
  let timer: NodeJS.Timeout | undefined;

  const dropEvents = (where: string, ...values: (string | number)[]): void => {
    characters -= Number(oneRow(database.prepare(`SELECT coalesce(sum(length(message)), 0) AS sum FROM log_event WHERE ${where}`), ...values)['sum']);
    database.prepare(`DELETE FROM log_event WHERE ${where}`).run(...values);
  };
  const bound = (): void => {
    const { least, most } = oneRow(database.prepare('SELECT coalesce(min(id), 0) AS least, coalesce(max(id), 0) AS most FROM log_event')) as { least: number; most: number };
    // a hundredth more than needed: this is not to happen at every flush
    if (most - least >= bounds.events) dropEvents('id <= ?', most - Math.floor(bounds.events * 0.99));
    for (let id = least; characters > bounds.characters && id < most;) dropEvents('id <= ?', (id += Math.max(1, Math.floor((most - least) / 50))));
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    database.exec('BEGIN');
    for (const { stream, at, took, message } of waiting) insert.run(stream, at, took, message);
    waiting = [];
    bound();
    keepTotal();
    database.exec('COMMIT');
  };
  const groupId = (name: string): number | undefined => database.prepare('SELECT id FROM log_group WHERE name = ?').get(name)?.['id'] as number | undefined;
  const ensureGroup = (name: string, retentionDays?: number): void => {
    database.prepare('INSERT OR IGNORE INTO log_group (name, made_at) VALUES (?, ?)').run(name, Date.now());
    if (retentionDays !== undefined) database.prepare('UPDATE log_group SET retention_days = ? WHERE name = ?').run(retentionDays, name);
  };
  const addStream = (group: string, name: string): boolean =>
    database.prepare('INSERT OR IGNORE INTO log_stream (log_group, name, made_at) VALUES (?, ?, ?)').run(groupId(group) ?? 0, name, Date.now()).changes === 1;
  const streamId = (group: string, name: string): number => {
    let streams = known.get(group);
    if (!streams) known.set(group, (streams = new Map<string, number>()));
    let id = streams.get(name);
    if (id === undefined) {
      ensureGroup(group);
      addStream(group, name);
      id = Number(oneRow(database.prepare('SELECT id FROM log_stream WHERE log_group = ? AND name = ?'), groupId(group) ?? 0, name)['id']);
      streams.set(name, id);
    }
    return id;
  };
  const forget = (sql: string, ...values: (string | number)[]): void => {
    flush();
    dropEvents(`stream IN (SELECT id FROM log_stream WHERE ${sql})`, ...values);
    database.prepare(`DELETE FROM log_stream WHERE ${sql}`).run(...values);
    known.clear();
    keepTotal();
  };
  const expire = (): void => {
    flush();
    for (const row of database.prepare('SELECT id, retention_days AS days FROM log_group WHERE retention_days IS NOT NULL').all() as unknown as { id: number; days: number }[]) {
      dropEvents('at < ? AND stream IN (SELECT id FROM log_stream WHERE log_group = ?)', Date.now() - row.days * DAY_MS, row.id);
    }
    // every environment of a function has a stream of its own
    database.prepare('DELETE FROM log_stream WHERE made_at < ? AND id NOT IN (SELECT stream FROM log_event)').run(Date.now() - DAY_MS);
    known.clear();
    keepTotal();
  };
  const hourly = setInterval(expire, HOUR_MS);
  hourly.unref();
  expire();

  return {
    append(group, stream, message, at = Date.now()) {
      const kept = message.length > MOST_CHARACTERS ? message.slice(0, MOST_CHARACTERS) : message;
      waiting.push({ stream: streamId(group, stream), at, took: Date.now(), message: kept });
      characters += kept.length;
      timer ??= setTimeout(flush, FLUSH_MS).unref();
      listen(message, at);
    },
    ensureGroup,
    removeGroup(name) {
      forget('log_group = ?', groupId(name) ?? 0);
      database.prepare('DELETE FROM log_group WHERE name = ?').run(name);
    },
    groups: (prefix) => {
      flush();
      return database.prepare(`SELECT name, made_at, retention_days, tags FROM log_group WHERE substr(name, 1, length(?)) = ? ORDER BY name`).all(prefix, prefix) as unknown as Group[];
    },
    group: (name) => database.prepare('SELECT name, made_at, retention_days, tags FROM log_group WHERE name = ?').get(name) as unknown as Group | undefined,
    setRetention: (name, days) => void database.prepare('UPDATE log_group SET retention_days = ? WHERE name = ?').run(days, name),
    setTags: (name, tags) => void database.prepare('UPDATE log_group SET tags = ? WHERE name = ?').run(JSON.stringify(tags), name),
    streams: (group, prefix) => {
      flush();
      return database.prepare(`SELECT id, name, made_at, (SELECT min(at) FROM log_event WHERE stream = log_stream.id) AS first, (SELECT max(at) FROM log_event WHERE stream = log_stream.id) AS last
        FROM log_stream WHERE log_group = ? AND substr(name, 1, length(?)) = ? ORDER BY name`).all(groupId(group) ?? 0, prefix, prefix) as unknown as Stream[];
    },
    addStream,
    removeStream: (group, name) => forget('log_group = ? AND name = ?', groupId(group) ?? 0, name),
    events(group, streams, span, place, most, backwards = false) {
      flush();
      const chosen = streams === undefined ? '(SELECT id FROM log_stream WHERE log_group = ?)' : '(SELECT value FROM json_each(?))';
      const [compare, order] = backwards ? ['<', 'DESC'] : ['>', 'ASC'];
      // sorted without their messages
      return database.prepare(`SELECT log_event.id, log_event.at, took_at, message, log_stream.name AS stream FROM (
          SELECT id FROM log_event WHERE stream IN ${chosen} AND at >= ? AND at < ? AND (at, id) ${compare} (?, ?) ORDER BY at ${order}, id ${order} LIMIT ?) AS chosen
        JOIN log_event ON log_event.id = chosen.id JOIN log_stream ON log_stream.id = log_event.stream ORDER BY log_event.at ${order}, log_event.id ${order}`)
        .iterate(streams === undefined ? (groupId(group) ?? 0) : JSON.stringify(streams), span.from, span.to, place.at, place.id, most) as unknown as IterableIterator<LogEvent>;
    },
    flush,
    close() {
      clearInterval(hourly);
      flush();
      database.close();
    },
  };
}
