import { DatabaseSync } from 'node:sqlite';
import { text } from './fields.ts';
import { AwsError, jsonProtocol } from './service.ts';
import type { LocalService } from './service.ts';
import { oneRow } from './sqlite-row.ts';

type Input = Record<string, unknown>;

/** CloudWatch Logs in small: bounded on disk. */
export interface LogStore {
  /** Creates group and stream as needed. `at` is epoch milliseconds, default now. On disk within a tenth of a second. */
  append(group: string, stream: string, message: string, at?: number): void;
  ensureGroup(group: string, retentionDays?: number): void;
  removeGroup(group: string): void;
}

const FLUSH_MS = 100;
/** Newest events that are kept, over all groups; the oldest go first. */
const MOST_EVENTS = 200_000;
/** Longer messages are cut, as on AWS (there at 1 MB). */
const MOST_CHARACTERS = 65_536;
const PAGE = 10_000;

/** `listen` sees each message as it comes (metrics in the embedded metric format). */
export function logsService(file: string, listen: (message: string, at: number) => void = () => undefined): LocalService & { readonly store: LogStore } {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;
    CREATE TABLE IF NOT EXISTS log_group (name TEXT PRIMARY KEY, made_at INTEGER NOT NULL, retention_days INTEGER);
    CREATE TABLE IF NOT EXISTS log_stream (id INTEGER PRIMARY KEY, log_group TEXT NOT NULL REFERENCES log_group ON DELETE CASCADE, name TEXT NOT NULL, made_at INTEGER NOT NULL, UNIQUE (log_group, name));
    CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, stream INTEGER NOT NULL REFERENCES log_stream ON DELETE CASCADE, at INTEGER NOT NULL, message TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS event_of_stream ON event (stream, id);`);
  const insert = database.prepare('INSERT INTO event (stream, at, message) VALUES (?, ?, ?)');
  const streams = new Map<string, number>();
  let waiting: { stream: number; at: number; message: string }[] = [];
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    database.exec('BEGIN');
    for (const { stream, at, message } of waiting) insert.run(stream, at, message);
    database.exec('COMMIT');
    waiting = [];
    database.prepare('DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?').run(MOST_EVENTS);
  };
  const ensureGroup = (group: string, retentionDays?: number): void => {
    database.prepare('INSERT OR IGNORE INTO log_group VALUES (?, ?, NULL)').run(group, Date.now());
    if (retentionDays !== undefined) database.prepare('UPDATE log_group SET retention_days = ? WHERE name = ?').run(retentionDays, group);
  };
  const streamId = (group: string, name: string): number => {
    const key = `${group}\n${name}`;
    let id = streams.get(key);
    if (id === undefined) {
      ensureGroup(group);
      database.prepare('INSERT OR IGNORE INTO log_stream (log_group, name, made_at) VALUES (?, ?, ?)').run(group, name, Date.now());
      id = Number(oneRow(database.prepare('SELECT id FROM log_stream WHERE log_group = ? AND name = ?'), group, name)['id']);
      streams.set(key, id);
    }
    return id;
  };
  const append: LogStore['append'] = (group, stream, message, at = Date.now()) => {
    waiting.push({ stream: streamId(group, stream), at, message: message.slice(0, MOST_CHARACTERS) });
    timer ??= setTimeout(flush, FLUSH_MS);
    timer.unref();
    listen(message, at);
  };
  const removeGroup = (group: string): void => {
    flush();
    database.prepare('DELETE FROM log_group WHERE name = ?').run(group);
    for (const key of streams.keys()) if (key.startsWith(`${group}\n`)) streams.delete(key);
  };
  const groupIn = (input: Input): string => {
    const group = text(input, 'logGroupName', text(input, 'logGroupIdentifier')).replace(/^arn:aws:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
    if (!database.prepare('SELECT 1 FROM log_group WHERE name = ?').get(group)) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    return group;
  };
  const arn = (group: string): string => `arn:aws:logs:eu-west-1:000000000000:log-group:${group}`;

  /** Events of a group in time order; the token is the last event's place. */
  const filter = (input: Input): Input => {
    flush();
    const group = groupIn(input);
    const limit = Math.min(Number(input['limit'] ?? PAGE), PAGE);
    const word = longestWord(text(input, 'filterPattern'));
    const names = (input['logStreamNames'] as string[] | undefined) ?? null;
    const rows = database.prepare(`SELECT event.id, event.at, event.message, log_stream.name AS stream FROM event JOIN log_stream ON log_stream.id = event.stream
      WHERE log_stream.log_group = ? AND event.id > ? AND event.at >= ? AND event.at < ? AND (? IS NULL OR log_stream.name IN (SELECT value FROM json_each(?)))
      AND (? IS NULL OR instr(event.message, ?) > 0) AND substr(log_stream.name, 1, length(?)) = ? ORDER BY event.id LIMIT ?`)
      .all(group, Number(input['nextToken'] ?? 0), Number(input['startTime'] ?? 0), Number(input['endTime'] ?? Number.MAX_SAFE_INTEGER), names && JSON.stringify(names), names && JSON.stringify(names),
        word, word, text(input, 'logStreamNamePrefix'), text(input, 'logStreamNamePrefix'), limit);
    return {
      events: rows.map((row) => ({ logStreamName: row['stream'], timestamp: row['at'], ingestionTime: row['at'], message: row['message'], eventId: String(row['id']) })),
      searchedLogStreams: [], ...(rows.length === limit && { nextToken: String(rows.at(-1)?.['id']) }),
    };
  };

  return {
    ...jsonProtocol(['logs'], {
      CreateLogGroup: (input) => {
        const name = String(input['logGroupName']);
        if (database.prepare('SELECT 1 FROM log_group WHERE name = ?').get(name)) throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
        ensureGroup(name);
      },
      DeleteLogGroup: (input) => removeGroup(groupIn(input)),
      PutRetentionPolicy: (input) => ensureGroup(groupIn(input), Number(input['retentionInDays'])),
      DescribeLogGroups: (input) => {
        const prefix = text(input, 'logGroupNamePrefix');
        return { logGroups: database.prepare('SELECT * FROM log_group WHERE substr(name, 1, length(?)) = ? ORDER BY name').all(prefix, prefix)
          .map((row) => ({ logGroupName: row['name'], creationTime: row['made_at'], retentionInDays: row['retention_days'] ?? undefined, arn: `${arn(row['name'] as string)}:*`, logGroupArn: arn(row['name'] as string), storedBytes: 0 })) };
      },
      CreateLogStream: (input) => void streamId(groupIn(input), String(input['logStreamName'])),
      DescribeLogStreams: (input) => {
        flush();
        const prefix = text(input, 'logStreamNamePrefix');
        return { logStreams: database.prepare(`SELECT name, made_at, (SELECT min(at) FROM event WHERE stream = log_stream.id) AS first, (SELECT max(at) FROM event WHERE stream = log_stream.id) AS last
          FROM log_stream WHERE log_group = ? AND substr(name, 1, length(?)) = ? ORDER BY ${input['orderBy'] === 'LastEventTime' ? 'last DESC' : 'name'} LIMIT ?`).all(groupIn(input), prefix, prefix, Number(input['limit'] ?? 50))
          .map((row) => ({ logStreamName: row['name'], creationTime: row['made_at'], firstEventTimestamp: row['first'] ?? undefined, lastEventTimestamp: row['last'] ?? undefined })) };
      },
      PutLogEvents: (input) => {
        const group = groupIn(input);
        for (const event of input['logEvents'] as { timestamp: number; message: string }[]) append(group, String(input['logStreamName']), event.message, event.timestamp);
        flush();
        return { nextSequenceToken: '0' };
      },
      FilterLogEvents: filter,
      GetLogEvents: (input) => {
        flush();
        const forward = input['startFromHead'] === true || text(input, 'nextToken').startsWith('f/');
        const from = Number(text(input, 'nextToken').slice(2) || 0);
        const stream = streamId(groupIn(input), String(input['logStreamName']));
        const rows = database.prepare(`SELECT id, at, message FROM event WHERE stream = ? AND at >= ? AND at < ? AND ${forward || from === 0 ? 'id > ?' : 'id < ?'} ORDER BY id ${forward ? '' : 'DESC'} LIMIT ?`)
          .all(stream, Number(input['startTime'] ?? 0), Number(input['endTime'] ?? Number.MAX_SAFE_INTEGER), from, Math.min(Number(input['limit'] ?? PAGE), PAGE));
        if (!forward) rows.reverse();
        return {
          events: rows.map((row) => ({ timestamp: row['at'], ingestionTime: row['at'], message: row['message'] })),
          nextForwardToken: `f/${String(rows.at(-1)?.['id'] ?? from)}`, nextBackwardToken: `b/${String(rows[0]?.['id'] ?? from)}`,
        };
      },
      TagResource: () => ({}),
      TagLogGroup: () => ({}),
      ListTagsForResource: () => ({ tags: {} }),
    }),
    store: { append, ensureGroup, removeGroup },
    close: () => {
      flush();
      database.close();
      return Promise.resolve();
    },
  };
}

/** Of the pattern language only plain and quoted words exist here: the longest must be in the message. */
function longestWord(given: string): string | null {
  if (/^\s*[{[]/.test(given)) throw new AwsError('InvalidParameterException', 'The local cloud knows filter patterns of words only, not of JSON or fields');
  const words = [...given.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
  return words.sort((a, b) => b.length - a.length)[0] ?? null;
}
