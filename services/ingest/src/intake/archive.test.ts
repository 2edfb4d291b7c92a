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

  it('tries a failed write again, counts it, and gives up loudly in the end', async () => {
    const objects = memoryObjects();
    const put = objects.put;
    let failures = 1;
    objects.put = async (...args) => {
      if (failures-- > 0) throw new Error('S3 is down');
      await put(...args);
    };
    const counts: string[] = [];
    const errors: string[] = [];
    const watched = {
      ...tools,
      meter: { ...silentMeter, count: (name: string) => void counts.push(name) },
      log: { ...silentLog, error: (code: string) => void errors.push(code) },
    };
    const archive = s3Archive(objects, 'archive', watched);
    const ref = archive.add(delivery('x'));
    await archive.flush();
    expect(pointed(objects.held, ref)).toBe('x');
    failures = 99;
    const hopeless = s3Archive(objects, 'archive', watched, { attempts: 1 });
    hopeless.add(delivery('y'));
    await hopeless.flush();
    expect(counts).toEqual(['archiveFailures', 'archiveFailures']);
    expect(errors).toEqual(['ARCHIVE_FAILED']);
  });
});
