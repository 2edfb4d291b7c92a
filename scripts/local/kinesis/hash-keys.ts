import { hash } from 'node:crypto';

/** Shards divide the range of 128-bit MD5 values. */
const LAST_HASH_KEY = 2n ** 128n - 1n;

export function hashKey(partitionKey: string): bigint {
  return BigInt(`0x${hash('md5', partitionKey)}`);
}

/** `count` ranges of equal width, without gaps. */
export function evenRanges(count: number): { start: bigint; end: bigint }[] {
  const width = (LAST_HASH_KEY + 1n) / BigInt(count);
  return Array.from({ length: count }, (_, i) => ({
    start: width * BigInt(i),
    end: i === count - 1 ? LAST_HASH_KEY : width * BigInt(i + 1) - 1n,
  }));
}
