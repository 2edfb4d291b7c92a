import { parseOptions, replay, type ReplayOptions } from './replay.ts';

const options = (...args: string[]): ReplayOptions => {
  const read = parseOptions(args);
  if (typeof read === 'string') throw new Error(read);
  return read;
};
async function run(answer: () => Promise<unknown>, ...args: string[]): Promise<{ status: number; out: string[]; notes: string[]; asked: unknown }> {
  const out: string[] = [];
  const notes: string[] = [];
  let asked: unknown;
  const send = async (command: { input: { FunctionName: string; Payload: Uint8Array } }): Promise<unknown> => {
    asked = { name: command.input.FunctionName, payload: JSON.parse(Buffer.from(command.input.Payload).toString('utf8')) as unknown };
    return answer();
  };
  const status = await replay(options(...args), { send }, (line) => void out.push(line), (line) => void notes.push(line));
  return { status, out, notes, asked };
}
const entries = (...list: object[]) => async () => ({ Payload: Buffer.from(JSON.stringify({ entries: list })) });

describe('replay on the command line', () => {
  it('asks the stage’s function and prints an entry a line', async () => {
    const result = await run(entries({ id: 'a', code: 'schema', outcome: 'taken' }, { id: 'b', code: 'json', outcome: 'unreadable', message: 'no JSON' }), '--dry-run');
    expect(result).toEqual({
      status: 0, out: ['a  would be taken  schema', 'b  unreadable  json  no JSON'], notes: ['2 in quarantine, 1 would be taken, 1 left'],
      asked: { name: 'orderflow-ingest-local-replay', payload: { dryRun: true } },
    });
  });

  it('names one entry, and says when it is not there', async () => {
    expect(await run(entries(), '--id', 'x', '--stage', 'dev')).toMatchObject({
      status: 1, notes: [expect.stringContaining('nothing in quarantine has the id x')], asked: { name: 'orderflow-ingest-dev-replay', payload: { dryRun: false, id: 'x' } },
    });
  });

  it('says what to do when nothing runs, or the function failed', async () => {
    expect(await run(() => Promise.reject(new Error('connect ECONNREFUSED')))).toMatchObject({ status: 1, notes: [expect.stringMatching(/npm start/)] });
    expect(await run(async () => ({ FunctionError: 'Unhandled', Payload: Buffer.from('{}') }))).toMatchObject({ status: 1, notes: [expect.stringMatching(/its log says why/)] });
  });

  it('speaks to the local cloud of its port base, and to AWS for other stages', () => {
    expect(options('--port-base', '5000').client).toMatchObject({ endpoint: 'http://127.0.0.1:5566' });
    expect(options('--stage', 'dev').client).toEqual({});
    expect(parseOptions(['--port-base', 'x'])).toMatch(/port number/);
    expect(parseOptions(['--wet-run'])).toMatch(/usage/);
  });
});
