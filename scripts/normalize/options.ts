import { parseArgs } from 'node:util';

export interface NormalizeOptions {
  readonly source: string;
  readonly account: string;
  readonly topic?: string;
  readonly headers?: string;
  readonly mapping?: string;
  readonly live: boolean;
  readonly fetched: boolean;
  readonly file: string;
}

/** Wrong options: exit status 2. */
export class Usage extends Error {
  constructor(message: string) {
    super(`${message}; usage: npm run normalize -- --source S [--account A] [--topic T] [--headers FILE] [--mapping FILE] [--live] [--fetched] FILE`);
    this.name = 'Usage';
  }
}

/** @throws Usage */
export function parseOptions(args: readonly string[]): NormalizeOptions {
  let read;
  try {
    read = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        source: { type: 'string' }, account: { type: 'string', default: 'default' }, topic: { type: 'string' },
        headers: { type: 'string' }, mapping: { type: 'string' }, live: { type: 'boolean', default: false },
        fetched: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Usage(error instanceof Error ? error.message : 'the options cannot be read');
  }
  const { values, positionals } = read;
  const [file, ...more] = positionals;
  if (values.source === undefined) throw new Usage('--source is missing');
  if (file === undefined || more.length > 0) throw new Usage('name exactly one FILE');
  const { topic, headers, mapping } = values;
  return {
    source: values.source, account: values.account, live: values.live, fetched: values.fetched, file,
    ...(topic === undefined ? {} : { topic }), ...(headers === undefined ? {} : { headers }), ...(mapping === undefined ? {} : { mapping }),
  };
}
