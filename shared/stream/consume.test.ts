import { silentLog } from '@orderflow/shared/lambda';
import { kinesisEvent, memoryQuarantine } from '@orderflow/shared/testing';
import { consume, Poison } from './consume.ts';

const parse = (bytes: Uint8Array): string => {
  const text = Buffer.from(bytes).toString();
  if (text === 'poison') throw new Poison('NOT_JSON', 'unreadable', '$');
  return text;
};

const run = async (records: { key: string; body: string }[], handle: (value: string) => Promise<void>) => {
  const quarantine = memoryQuarantine();
  const event = kinesisEvent(records);
  const answer = await consume(event, { parse, handle, quarantine, log: silentLog });
  const numbers = event.Records.map((record) => record.kinesis.sequenceNumber);
  return { failed: answer.batchItemFailures.map((failure) => numbers.indexOf(failure.itemIdentifier)), quarantine };
};

it('handles a key in order and reports nothing when all went well', async () => {
  const seen: string[] = [];
  const { failed } = await run([{ key: 'a', body: '1' }, { key: 'b', body: '2' }, { key: 'a', body: '3' }], async (value) => {
    seen.push(value);
  });
  expect(failed).toEqual([]);
  expect(seen.indexOf('1')).toBeLessThan(seen.indexOf('3'));
});

it('puts a poison record into quarantine and goes on', async () => {
  const seen: string[] = [];
  const { failed, quarantine } = await run([{ key: 'a', body: 'poison' }, { key: 'a', body: '2' }], async (value) => {
    seen.push(value);
  });
  expect(failed).toEqual([]);
  expect(seen).toEqual(['2']);
  expect(quarantine.entries).toMatchObject([{ code: 'NOT_JSON', path: '$' }]);
});

it('stops a key at its first failure, while other keys go on', async () => {
  const seen: string[] = [];
  const { failed } = await run(
    [{ key: 'a', body: 'fails' }, { key: 'a', body: 'after' }, { key: 'b', body: 'other' }],
    async (value) => {
      if (value === 'fails') throw new Error('the table is throttled');
      seen.push(value);
    },
  );
  expect(failed).toEqual([0]);
  expect(seen).toEqual(['other']);
});

it('fails the record when even quarantine is out of reach, so nothing is lost', async () => {
  const event = kinesisEvent([{ key: 'a', body: 'poison' }]);
  const answer = await consume(event, {
    parse,
    handle: async () => {},
    quarantine: { put: () => Promise.reject(new Error('S3 is down')) },
    log: silentLog,
  });
  expect(answer.batchItemFailures).toHaveLength(1);
});
