import { fileWorld, hour, ofType } from '../testing/file-world.ts';
import { takeFile } from './take-file.ts';

const key = 'file-drop/default/run/events.jsonl';
const order = (id: string | number, more: object = {}) => ({
  type: 'order.created', data: { order: {
    id: String(id), placedAt: '2026-11-22T11:00:00Z', status: 'NEW', currency: 'EUR', total: 0, payment: { status: 'PAID' },
    fulfilment: { status: 'UNFULFILLED' }, lines: [], ...more } },
});
const line = (id: string | number, more: object = {}): string => JSON.stringify(order(id, more));

async function taken(body: Buffer | string, pieceBytes = 50) {
  const world = fileWorld({ [key]: body }, {}, pieceBytes);
  const outcome = await takeFile({ bucket: 'intake', key }, world.deps, hour);
  return {
    ...world, outcome, ids: ofType(world.intake.events, 'order.created').map(({ data }) => data.order.id), why: world.end(key)?.message,
    bad: world.intake.quarantined.map(({ code, path, message }) => [code, path, message]),
  };
}

describe('JSON lines', () => {
  it.each([
    ['plain', `${line(1)}\n${line(2)}`], ['CRLF and blank lines', `\r\n${line(1)}\r\n  \r\n\r\n${line(2)}\r\n`], ['a byte order mark', `\uFEFF${line(1)}\n${line(2)}\n`],
    ['an array on a line', `[${line(1)},${line(2)}]\n`],
  ])('are taken: %s', async (_, body) => {
    for (const pieceBytes of [1, 50, 10_000]) expect(await taken(body, pieceBytes)).toMatchObject({ outcome: 'done', ids: ['1', '2'], bad: [] });
  });

  it('have the same ids whatever their line ends and whatever stands before the first', async () => {
    const [one, other] = await Promise.all([taken(`${line(1)}\n${line(2)}`), taken(`\uFEFF${line(1)}\r\n\r\n${line(2)}\r\n`)]);
    expect(other.intake.events.map(({ id }) => id)).toEqual(one.intake.events.map(({ id }) => id));
  });

  it('give bad items of one line each their own entry, and its number', async () => {
    expect(await taken(`${line(1)}\n[{"type":"x","data":{}},${line(2)},{"type":"y","data":{}}]`)).toMatchObject({
      ids: ['1', '2'], bad: [['type', '$[0].type', expect.stringMatching(/^line 2: /)], ['type', '$[2].type', expect.stringMatching(/^line 2: /)]],
    });
    const { intake } = await taken(`[{"type":"x","data":{}},{"type":"y","data":{}}]`);
    expect(new Set(intake.quarantined.map(({ id }) => id)).size).toBe(2);
  });

  it('are quarantined one by one where they nest deep, are no JSON, no UTF-8, longer than 10 MB, or of another account', async () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    const body = Buffer.concat([
      Buffer.from(`${line(1)}\n${deep}\n{"type":\n${line(2, { comment: 'x' }).replace('"x"', '"')}`), Buffer.from([0xff]), Buffer.from('"\n'.replace('"', '"}}}')),
      Buffer.from(`${line(3, { comment: 'x'.repeat(10_500_000) })}\n${line(4, { account: 'other' })}\n${line(5)}\n`),
    ]);
    expect(await taken(body, 65_536)).toMatchObject({
      outcome: 'done', ids: ['1', '5'],
      bad: expect.arrayContaining([
        ['depth', '$', expect.stringMatching(/^line 2: /)], ['json', '$', expect.stringMatching(/^line 3: /)], ['json', '$', expect.stringMatching(/^line 4: /)],
        ['line', '$', 'line 5: is longer than 10 MB; only its beginning is kept here'], ['foreign-order', '$.data.order', expect.stringMatching(/^line 6: /)],
      ]),
    });
  });

  it('are refused where the file is one document over many lines', async () => {
    for (const body of [JSON.stringify([order(1)], null, 2), JSON.stringify(order(1), null, 2)]) {
      expect(await taken(body)).toMatchObject({ outcome: 'refused', why: expect.stringMatching(/one JSON document over many lines/) });
    }
  });
});
