import { silentLog, silentMeter } from '@orderflow/shared/lambda';
import { memoryObjects, noon, signed } from '../testing/memory.ts';
import { s3Archive } from './archive.ts';

const tools = { clock: () => noon, log: silentLog, meter: silentMeter, newId: () => 'writer' };
const delivery = (body: string) => signed('shopify', body, { 'x-shopify-topic': 'orders/create', cookie: 'secret', 'content-type': 'application/json' });

/** The bytes that an `s3://bucket/key#offset,length` points to. */
function pointed(held: ReadonlyMap<string, Uint8Array>, rawref: string): string {
  const match = /^s3:\/\/(.+)#(\d+),(\d+)$/.exec(rawref);
  const [, key = '', offset = '', length = ''] = match ?? [];
  return Buffer.from(held.get(key) ?? []).subarray(Number(offset), Number(offset) + Number(length)).toString('utf8');
}

describe('raw archive', () => {
  it('says where each payload will lie before it is written, many to an object', async () => {
    const objects = memoryObjects();
    const archive = s3Archive(objects, 'archive', tools);
    const bodies = ['{"a":1}', 'not even JSON', '', 'é🎁\n\n'];
    const refs = bodies.map((body) => archive.add(delivery(body)));
    expect(objects.held.size).toBe(0);
    await archive.flush();
    expect([...objects.held.keys()]).toEqual(['archive/raw/2026/11/22/12/writer-0']);
    expect(refs.map((ref) => pointed(objects.held, ref))).toEqual(bodies);
  });

  it('keeps the headers that are needed to read a payload again, and no signature or cookie', async () => {
    const objects = memoryObjects();
    const archive = s3Archive(objects, 'archive', tools);
    archive.add(delivery('{}'));
    await archive.flush();
    const text = Buffer.from([...objects.held.values()][0] ?? []).toString('utf8');
    expect(JSON.parse(text.split('\n')[0] ?? '')).toEqual({
      source: 'shopify', account: 'default', receivedAt: '2026-11-22T12:00:00.000Z', bytes: 2,
      headers: { 'content-type': 'application/json', 'x-shopify-topic': 'orders/create' },
    });
  });

  it('opens another object when one is full', async () => {
    const objects = memoryObjects();
    const archive = s3Archive(objects, 'archive', tools, { bytes: 100 });
    const refs = ['a', 'b', 'c'].map((letter) => archive.add(delivery(letter.repeat(300))));
    await archive.flush();
    expect(objects.held.size).toBe(3);
    expect(refs.map((ref) => pointed(objects.held, ref)[0])).toEqual(['a', 'b', 'c']);
  });

  it('holds what a source of 10 MB bodies sends, each object whole', async () => {
    const objects = memoryObjects();
    const archive = s3Archive(objects, 'archive', tools);
    const body = 'x'.repeat(10_000_000);
    const refs = [archive.add(delivery(body)), archive.add(delivery('y'))];
    await archive.flush();
    expect(pointed(objects.held, refs[0] ?? '')).toHaveLength(10_000_000);
    expect(pointed(objects.held, refs[1] ?? '')).toBe('y');
  });
});

describe('raw archive while S3 fails', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] }));
  afterEach(() => jest.useRealTimers());

  function failing() {
    const objects = memoryObjects();
    const put = objects.put;
    const state = { fails: true, hangs: false, puts: 0 };
    objects.put = async (...args) => {
      state.puts++;
      if (state.hangs) await new Promise(() => {});
      if (state.fails) throw new Error('S3 is down');
      await put(...args);
    };
    const counts: Record<string, number> = {};
    const errors: string[] = [];
    const watched = {
      ...tools, clock: () => Date.now(),
      meter: { ...silentMeter, count: (name: string, value = 1) => void (counts[name] = (counts[name] ?? 0) + value) },
      log: { ...silentLog, error: (code: string) => void errors.push(code) },
    };
    return { objects, state, counts, errors, watched };
  }

  it('tries again, less and less often, until S3 is back; nothing is lost and all is counted', async () => {
    const { objects, state, counts, errors, watched } = failing();
    const archive = s3Archive(objects, 'archive', watched);
    const refs = ['a', 'b'].map((body) => archive.add(delivery(body)));
    await jest.advanceTimersByTimeAsync(120_000);
    expect(state.puts).toBeGreaterThan(5);
    expect(state.puts).toBeLessThan(40);
    state.fails = false;
    await jest.advanceTimersByTimeAsync(31_000);
    expect(refs.map((ref) => pointed(objects.held, ref))).toEqual(['a', 'b']);
    expect([counts['archiveFailures'], counts['archiveLost'], errors]).toEqual([state.puts - 1, undefined, []]);
  });

  it('gives an object up in the end, counts its payloads and says so', async () => {
    const { objects, counts, errors, watched } = failing();
    const archive = s3Archive(objects, 'archive', watched);
    archive.add(delivery('a'));
    archive.add(delivery('b'));
    await jest.advanceTimersByTimeAsync(640_000);
    expect([counts['archiveLost'], errors]).toEqual([2, ['ARCHIVE_LOST']]);
  });

  it('holds no more in memory than it may, what is being written included', async () => {
    const { objects, state, counts, errors, watched } = failing();
    state.hangs = true;
    const archive = s3Archive(objects, 'archive', watched, { bytes: 1_000, heldBytes: 5_000 });
    const refs = Array.from({ length: 20 }, () => archive.add(delivery('x'.repeat(600))));
    const lost = refs.filter((ref) => ref.includes('-lost#'));
    expect(lost.length).toBeGreaterThanOrEqual(12);
    expect([counts['archiveLost'], errors]).toEqual([lost.length, ['ARCHIVE_LOST']]);
  });

  it('is flushed within its limit: at once when S3 is back, and what hangs is given up', async () => {
    const { objects, state, counts, watched } = failing();
    const archive = s3Archive(objects, 'archive', watched, { bytes: 1 });
    archive.add(delivery('a'));
    await jest.advanceTimersByTimeAsync(60_000);
    state.fails = false;
    const flushed = archive.flush();
    await jest.advanceTimersByTimeAsync(0);
    await flushed;
    expect(objects.held.size).toBe(1);
    state.hangs = true;
    archive.add(delivery('b'));
    let over = false;
    void archive.flush().then(() => (over = true));
    await jest.advanceTimersByTimeAsync(4_900);
    expect(over).toBe(false);
    await jest.advanceTimersByTimeAsync(200);
    expect([over, counts['archiveLost']]).toEqual([true, 1]);
  });
});
