import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html */
export const ALGORITHMS = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** A checksum over bytes that come in pieces; base64, as S3 gives it. */
export interface Checksum {
  update(bytes: Buffer): void;
  digest(): string;
}

export const isAlgorithm = (name: string): name is Algorithm => (ALGORITHMS as readonly string[]).includes(name);
export const headerOf = (algorithm: string): string => `x-amz-checksum-${algorithm}`;

const CRC32C = table32(0x82f63b78);
// CRC-64/NVME, reflected polynomial 0x9a6c9329ac4bc9b5, as two halves: BigInt would be too slow
const [CRC64_HIGH, CRC64_LOW] = table64(0x9a6c9329, 0xac4bc9b5);

export function checksum(algorithm: Algorithm): Checksum {
  switch (algorithm) {
    case 'crc32': {
      let value = 0;
      return { update: (bytes) => void (value = crc32(bytes, value)), digest: () => base64(value) };
    }
    case 'crc32c': {
      let value = 0xffffffff;
      return {
        update(bytes) {
          for (const byte of bytes) value = (CRC32C[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
        },
        digest: () => base64(~value),
      };
    }
    case 'crc64nvme': return crc64();
    default: {
      const hash = createHash(algorithm);
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('base64') };
    }
  }
}

function crc64(): Checksum {
  let high = ~0;
  let low = ~0;
  return {
    update(bytes) {
      for (const byte of bytes) {
        const at = (low ^ byte) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (CRC64_LOW[at] ?? 0);
        high = (high >>> 8) ^ (CRC64_HIGH[at] ?? 0);
      }
    },
    digest() {
      const out = Buffer.alloc(8);
      out.writeInt32BE(~high, 0);
      out.writeInt32BE(~low, 4);
      return out.toString('base64');
    },
  };
}

function base64(value: number): string {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value >>> 0);
  return out.toString('base64');
}

function table32(polynomial: number): Int32Array {
  return Int32Array.from({ length: 256 }, (_, n) => {
    let value = n;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value;
  });
}

function table64(polyHigh: number, polyLow: number): readonly [Int32Array, Int32Array] {
  const highs = new Int32Array(256);
  const lows = new Int32Array(256);
  for (let n = 0; n < 256; n++) {
    let high = 0;
    let low = n;
    for (let bit = 0; bit < 8; bit++) {
      const carry = low & 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (carry) {
        high ^= polyHigh;
        low ^= polyLow;
      }
    }
    highs[n] = high;
    lows[n] = low;
  }
  return [highs, lows];
}
