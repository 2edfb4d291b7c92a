import { readFileSync } from 'node:fs';
import { accountsOf, findAccount, type Account } from '@orderflow/shared/accounts';
import type { CanonicalEvent } from '@orderflow/shared/events';
import { localPublished, localSecret } from '../../services/ingest/src/accounts/local-secrets.ts';
import { bytesOfItem } from '../../services/ingest/src/vendor/fetch-item.ts';
import type { Delivery } from '../../services/ingest/src/intake/delivery.ts';
import { interpret, type Rejected } from '../../services/ingest/src/intake/interpret.ts';
import type { SourceDefinition } from '../../services/ingest/src/sources/definition.ts';
import { findSource, sources } from '../../services/ingest/src/sources/registry.ts';
import { verify } from '../../services/ingest/src/verify/index.ts';
import { readFile } from './file.ts';
import { parseOptions, Usage, type NormalizeOptions } from './options.ts';
import { rejectedEvent, shown } from './shown.ts';

export interface Output {
  out(line: string): void;
  note(line: string): void;
}

/** Something that the person can mend: exit status 1. */
class Problem extends Error {}

const bytesOf = (file: string): Buffer => {
  try {
    return readFileSync(file);
  } catch {
    throw new Problem(`${file} cannot be read`);
  }
};

const jsonOf = (file: string): unknown => {
  try {
    return JSON.parse(bytesOf(file).toString('utf8')) as unknown;
  } catch (error) {
    throw error instanceof Problem ? error : new Problem(`${file} is no JSON`);
  }
};

function headersOf({ headers, topic }: NormalizeOptions, source: SourceDefinition): Record<string, string> {
  const given = headers === undefined ? {} : jsonOf(headers);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new Problem(`${headers} must hold one JSON object`);
  const lower = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const place = [source.topic].flat()[0];
  return topic !== undefined && place && 'header' in place ? { ...lower, [place.header]: topic } : lower;
}

/** How a file came: with `--fetched` it is what the source's API returned for a notice of `--topic`. */
function asked({ fetched, topic, file }: NormalizeOptions, { api, routes }: SourceDefinition, { role }: Account): Pick<Delivery, 'body' | 'via' | 'topic'> {
  if (!fetched) return { body: bytesOf(file) };
  const [notified] = Object.entries(routes[role] ?? {}).filter(([, route]) => route === 'source.notified').map(([name]) => name);
  return { via: 'fetch', topic: topic ?? notified ?? api?.poll?.topic ?? '', body: bytesOfItem(bytesOf(file), api?.notice?.item) };
}

/** One delivery of a source that comes over HTTP, or what its API returned. */
async function readDelivery(options: NormalizeOptions, source: SourceDefinition, account: Account, accounts: readonly Account[], output: Output): Promise<number> {
  const delivery: Delivery = {
    source: source.name, account: account.account, method: 'POST', url: '', headers: headersOf(options, source),
    receivedAt: Date.now(), ...asked(options, source, account),
  };
  if (options.headers !== undefined && !options.fetched && source.verify !== 'not-http') {
    // the age of a payload that was kept says nothing: only the signature is checked
    const verdict = await verify(source.verify, [localSecret(source.name, account.account)], delivery, undefined, localPublished(source.name));
    if (verdict !== 'genuine') throw new Problem(`the signature is ${verdict} for the local secret of ${source.name}:${account.account}`);
  }
  const { events, rejected, skipped, topic } = interpret(delivery, { source, account, accounts });
  if (skipped) {
    output.note(`${source.name}: topic ${topic ?? '?'} is ${skipped === 'ping' ? 'a ping' : 'not used'}; it would be answered, counted and kept raw`);
    return 0;
  }
  const positions = new Map(rejected.map((one) => [one.position, one]));
  const rest = [...events];
  for (let at = 0; at < events.length + rejected.length; at++) {
    const bad = positions.get(at);
    const event = bad ? undefined : rest.shift();
    if (bad) tell(bad, options, account, output);
    else if (event) output.out(JSON.stringify(shown(event)));
  }
  return events.length === 0 ? 1 : 0;
}

function tell(bad: Rejected, { file }: NormalizeOptions, account: Account, output: Output): void {
  output.note(`rejected: ${bad.path} ${bad.message} (${bad.code})`);
  output.out(JSON.stringify(shown(rejectedEvent(bad, account, `file://${file}`, Date.now()))));
}

/** @returns the exit status: 0, 1 when nothing could be read, 2 for wrong options */
export async function normalize(args: readonly string[], output: Output): Promise<number> {
  try {
    const options = parseOptions(args);
    const source = findSource(options.source);
    if (!source) throw new Usage(`--source ${options.source} is none of ${sources.map(({ name }) => name).join(', ')}`);
    if (options.fetched && !source.api) throw new Usage(`--fetched: ${source.name} sends whole payloads, nothing is fetched`);
    const accounts = accountsOf('local');
    const account = findAccount(accounts, source.name, options.account);
    if (!account) throw new Problem(`account ${source.name}:${options.account} is not configured in shared/accounts/accounts.json`);
    if (options.fetched || source.verify !== 'not-http') return await readDelivery(options, source, account, accounts, output);
    const mapping = options.mapping === undefined ? undefined : bytesOf(options.mapping).toString('utf8');
    return await readFile(
      { bytes: bytesOf(options.file), name: options.file, mapping, live: options.live }, account, accounts,
      {
        event: (event: CanonicalEvent) => output.out(JSON.stringify(shown(event))),
        rejected: (bad: Rejected) => tell(bad, options, account, output),
      },
    );
  } catch (error) {
    if (!(error instanceof Usage || error instanceof Problem)) throw error;
    output.note(`normalize: ${error.message}`);
    return error instanceof Usage ? 2 : 1;
  }
}
