import { brotliCompressSync, gzipSync } from 'node:zlib';
import { fileWorld, hour, ofType } from '../testing/file-world.ts';
import { inflate } from './open-body.ts';
import { takeFile } from './take-file.ts';

const key = 'file-drop/default/run/orders.csv';
const mapping = {
  name: 'own', columns: ['o', 't', 's', 'q', 'p', 'n'], time: { zone: 'UTC' }, currency: 'EUR',
  document: { id: 'o', at: 't' }, order: { status: 'NEW', payment: 'PAID' }, customer: { name: 'n' }, line: { productId: 's', quantity: 'q', unitPrice: 'p' },
};
const header = 'o,t,s,q,p,n';
const line = (id: string | number, name = 'Jo'): string => `${id},2026-01-01T10:00:00Z,A,2,1.50,${name}`;
const three = [header, line(1), line(2, 'Jörg'), line(3)].join('\n');

async function taken(body: Buffer | string, own: object | null = { mapping }, pieceBytes = 7) {
  const world = fileWorld({ [key]: body, ...(own && { [`${key}.mapping.json`]: JSON.stringify(own) }) }, {}, pieceBytes);
  const outcome = await takeFile({ bucket: 'intake', key }, world.deps, hour);
  const orders = ofType(world.intake.events, 'order.created').map(({ data }) => data.order);
  return {
    ...world, outcome, ids: orders.map(({ id }) => id), names: orders.map(({ customer }) => customer?.name),
    bad: world.intake.quarantined.map(({ position, code, message }) => [position, code, message]), why: world.end(key)?.message,
  };
}

describe('take-file takes', () => {
  it.each([
    ['no line end at the end', three], ['a line end at the end', `${three}\n`], ['CRLF', three.replaceAll('\n', '\r\n')], ['blank lines', three.replaceAll('\n', '\n\n\r\n')],
    ['a byte order mark', `\uFEFF${three}`], ['gzip', gzipSync(three)], ['gzip with a byte order mark in it', gzipSync(`\uFEFF${three}`)],
    ['gzip of several members', Buffer.concat([three.slice(0, 30), three.slice(30, 50), three.slice(50)].map((part) => gzipSync(part)))],
    ['gzip with zeros after it, as tapes leave them', Buffer.concat([gzipSync(three), Buffer.alloc(40)])],
    ['columns in another order', three.split('\n').map((one) => one.split(',').reverse().join(',')).join('\n')],
    ['names in quotation marks', three.replace('Jörg', '"Jörg"').replace('o,t', '"o","t"')],
  ])('%s', async (_, body) => {
    for (const pieceBytes of [1, 7, 65_536]) {
      expect(await taken(body, { mapping }, pieceBytes)).toMatchObject({ outcome: 'done', ids: ['1', '2', '3'], names: ['Jo', 'Jörg', 'Jo'], bad: [] });
    }
  });

  it('semicolons, tabs and latin1 as the mapping says, from the header on', async () => {
    for (const delimiter of [';', '\t']) {
      const latin1 = { ...mapping, columns: [...mapping.columns.slice(0, 5), 'Währung'], customer: { name: 'Währung' }, delimiter, encoding: 'latin1' };
      const text = three.replace('p,n', 'p,Währung').replaceAll(',', delimiter);
      expect(await taken(Buffer.from(text, 'latin1'), { mapping: latin1 })).toMatchObject({ ids: ['1', '2', '3'], names: ['Jo', 'Jörg', 'Jo'], bad: [] });
    }
  });

  it('values with line ends, marks and delimiters in quotation marks', async () => {
    expect(await taken(`${header}\n${line(1, '"Jo, ""the\r\nshop"""')}\n${line(2)}`)).toMatchObject({ ids: ['1', '2'], names: ['Jo, "the\r\nshop"', 'Jo'] });
  });

  it('nothing of a file that has a header only', async () => {
    expect(await taken(`${header}\n`)).toMatchObject({ outcome: 'done', ids: [], bad: [] });
  });

  it('keys with spaces, plus signs, percent signs and letters of all kinds, as S3 tells EventBridge of them', async () => {
    for (const name of ['a b+c%zz%20.csv', 'Bestellungen – März (1).csv', '../x.csv']) {
      const odd = `file-drop/default/run/${name}`;
      const { deps, intake } = fileWorld({ [odd]: three, [`${odd}.mapping.json`]: JSON.stringify({ mapping }) });
      expect(await takeFile({ bucket: 'intake', key: odd }, deps, hour)).toBe('done');
      expect(intake.events[0]).toMatchObject({ rawref: expect.stringContaining(`s3://intake/${odd}#12,`) });
    }
  });
});

describe('take-file quarantines the line, with its number, and takes the rest of', () => {
  it.each([
    ['a row that is too short', `${header}\n${line(1)}\n2,x\n${line(3)}`, [3, 'csv', 'line 3: has 2 values, the header 6']],
    ['a row that is too long', `${header}\n${line(1)}\n${line(2)},\n${line(3)}`, [3, 'csv', 'line 3: has 7 values, the header 6']],
    ['a mark within a value', `${header}\n${line(1)}\n${line(2, 'Jo "x"')}\n${line(3)}`, [3, 'csv', 'line 3: has a quotation mark within a value']],
    ['no document', `${header}\n${line(1)}\n${line('')}\n${line(3)}`, [3, 'missing', 'line 3: is missing']],
    ['an amount that is none', `${header}\n${line(1)}\n${line(2).replace('1.50', '=1+1')}\n${line(3)}`, [3, 'decimal', 'line 3: is no decimal number']],
    ['bytes that are not UTF-8', Buffer.concat([Buffer.from(`${header}\n${line(1)}\n${line(2)}`), Buffer.from([0xfc, 10]), Buffer.from(line(3))]), [3, 'csv', 'line 3: is not UTF-8 (for latin1 say "encoding": "latin1" in the mapping)']],
    ['NUL in an id', `${header}\n${line(1)}\n${line('2\0')}\n${line(3)}`, [3, 'schema', expect.stringMatching(/^line 3: /)]],
    ['an id of 400 letters', `${header}\n${line(1)}\n${line('é'.repeat(400))}\n${line(3)}`, [3, 'schema', expect.stringMatching(/^line 3: /)]],
  ])('a file with %s', async (_, body, bad) => {
    expect(await taken(body)).toMatchObject({ outcome: 'done', ids: ['1', '3'], bad: [bad] });
  });

  it('a file in which a mark is opened and never closed, thousands of lines before its end', async () => {
    const many = Array.from({ length: 3_000 }, (_, at) => line(at + 10)).join('\n');
    const { ids, bad, outcome } = await taken(`${header}\n${line(1)}\n${line(2, '"open')}\n${many}`, { mapping }, 65_536);
    expect([outcome, ids.length, bad]).toEqual(['done', 3_001, [[3, 'csv', 'line 3: has a quotation mark that is never closed']]]);
  });

  it('a file with a line over 10 MB, keeping only its beginning', async () => {
    const { ids, bad, intake } = await taken(`${header}\n${line(1)}\n${line(2, 'x'.repeat(11_000_000))}\n${line(3)}`, { mapping }, 65_536);
    expect([ids, bad]).toEqual([['1', '3'], [[3, 'csv', 'line 3: is longer than 10 MB; only its beginning is kept here']]]);
    expect(intake.quarantined[0]?.body).toHaveLength(1_000);
  });
});

describe('take-file refuses, saying what to do,', () => {
  it.each([
    ['an empty file', '', /^the file is empty$/], ['a file of blanks', ' \n\r\n  ', /^the file is empty$/], ['gzip of nothing', gzipSync(''), /^the file is empty$/],
    ['UTF-16', Buffer.from(`\uFEFF${three}`, 'utf16le'), /UTF-16: save it as UTF-8/], ['UTF-16 without a mark', Buffer.from(three, 'utf16le'), /NUL bytes.*UTF-16/],
    ['UTF-16 in gzip', gzipSync(Buffer.from(`\uFEFF${three}`, 'utf16le')), /UTF-16: save it as UTF-8/],
    ['gzip cut short', gzipSync(three).subarray(0, -5), /unexpected end of file/], ['gzip with a bit changed', Buffer.from(gzipSync(three).map((byte, at) => (at === 40 ? byte ^ 4 : byte))), /invalid|incorrect/],
    ['gzip followed by text', Buffer.concat([gzipSync(three), Buffer.from(three)]), /incorrect header check/],
    ['gzip within gzip', gzipSync(gzipSync(three)), /gzip within gzip: unpack it once/],
    ['a ZIP archive', Buffer.from('PK\x03\x04rest'), /ZIP archive or an Excel workbook: save each table as CSV/],
    ['other packing', brotliCompressSync(three), /no mapping has the columns|NUL bytes|no CSV header|has no column/],
    ['CR alone', three.replaceAll('\n', '\r'), /end with CR alone/],
    ['a header that is no CSV', `"${three}`, /first line is no CSV header/],
    ['a column twice', three.replace('p,n', 'p,n,n'), /names a column twice/],
    ['a column missing', three.replace('p,n', 'p,m'), /the file has no column n/],
  ])('%s', async (_, body, why) => {
    const { outcome, why: said, intake, counts } = await taken(body).then((one) => ({ ...one, counts: one.intake.counts }));
    expect([outcome, said]).toEqual(['refused', expect.stringMatching(why)]);
    expect(intake.quarantined).toHaveLength(1);
    expect(counts['fileFailed']).toBe(1);
  });

  it('a delimiter that no shipped mapping has', async () => {
    expect(await taken(three.replaceAll(',', ';'), null)).toMatchObject({ outcome: 'refused', why: expect.stringMatching(/no mapping has the columns o;t;s;q;p;n: .*delimiter/) });
  });

  it('a mapping whose delimiter is a quotation mark', async () => {
    expect(await taken(three, { mapping: { ...mapping, delimiter: '"' } })).toMatchObject({ outcome: 'refused', why: expect.stringMatching(/delimiter/) });
  });

  it('gzip that unpacks to far more than data does', async () => {
    async function* bomb(): AsyncGenerator<Buffer> {
      for (let at = 0; at < 100; at++) yield gzipSync(Buffer.alloc(1_000_000, 'x'));
    }
    let bytes = 0;
    await expect((async () => {
      for await (const chunk of inflate(bomb(), 5_000_000)) bytes += chunk.length;
    })()).rejects.toThrow(/unpacks to more than 5000000 bytes/);
    expect(bytes).toBeLessThanOrEqual(5_000_000);
  });

  it('a file of which nothing can be taken with its mapping, after a thousand lines', async () => {
    const many = Array.from({ length: 5_000 }, (_, at) => line(at).replace(',2,', ',two,')).join('\n');
    const { outcome, why, intake } = await taken(`${header}\n${many}`, { mapping }, 65_536);
    expect([outcome, why]).toEqual(['refused', expect.stringMatching(/^none of the first 1000 lines could be taken; line 1001: .*Is this the file’s mapping/)]);
    expect(intake.quarantined).toHaveLength(1_001); // and the file
  });

  it('a file whose documents never end', async () => {
    const many = Array.from({ length: 700 }, () => line(1, 'x'.repeat(100_000))).join('\n');
    expect(await taken(`${header}\n${many}`, { mapping }, 65_536)).toMatchObject({ outcome: 'refused', why: expect.stringMatching(/more than 64 MB of lines wait/) });
  });
});
