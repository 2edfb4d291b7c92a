import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { inflated } from './inflate.ts';

const text = Buffer.from('{"a":"'.padEnd(5_000, 'x'));

describe('inflated', () => {
  it.each([undefined, '', 'identity', ' Identity '])('leaves a body alone that says %p', async (encoding) => {
    expect(await inflated(text, encoding, 10)).toBe(text);
  });

  it.each(['gzip', 'x-gzip', ' GZip'])('undoes %p', async (encoding) => {
    expect(await inflated(gzipSync(text), encoding, 5_000)).toEqual(text);
  });

  it('takes a body of several members, as RFC 1952 allows', async () => {
    expect(await inflated(Buffer.concat([gzipSync('one '), gzipSync('two')]), 'gzip', 100)).toEqual(Buffer.from('one two'));
  });

  it('ends at the limit', async () => {
    expect(await inflated(gzipSync(text), 'gzip', 4_999)).toBe('too-large');
  });

  it.each(['br', 'deflate', 'gzip, gzip', 'zstd', 'compress'])('does not take %p', async (encoding) => {
    expect(await inflated(deflateSync(text), encoding, 10_000)).toBe('encoding');
  });

  it.each([
    ['something else', Buffer.from('{"a":1}')], ['half of it', gzipSync(text).subarray(0, 30)], ['nothing', Buffer.alloc(0)], ['brotli', brotliCompressSync(text)],
  ])('says corrupt to %s', async (_, body) => {
    expect(await inflated(body, 'gzip', 10_000)).toBe('corrupt');
  });

  it('never holds more of a bomb than the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(300_000_000), { level: 9 });
    const before = process.memoryUsage();
    const cpu = process.cpuUsage();
    expect(await inflated(bomb, 'gzip', 1_000_000)).toBe('too-large');
    const after = process.memoryUsage();
    const { user, system } = process.cpuUsage(cpu);
    expect(bomb.byteLength).toBeLessThan(1_000_000);
    expect(after.rss - before.rss).toBeLessThan(50_000_000);
    expect(user + system).toBeLessThan(250_000);
  });
});
