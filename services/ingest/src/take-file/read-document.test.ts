import { accountsOf, findAccount } from '@orderflow/shared/accounts';
import { sequenceOfTime, type DataOf } from '@orderflow/shared/events';
import { parseMapping } from './mapping.ts';
import { reader } from './place.ts';
import { classifier, timeReader } from './document-line.ts';
import { readDocument, type ReadDocument } from './read-document.ts';

/** What a shop in Germany might write: semicolons, decimal commas, words of its own, currency by line. */
const german = parseMapping({
  name: 'german', columns: ['Nr', 'Datum', 'Artikel', 'Menge', 'Preis', 'Währung', 'Name', 'Land', 'Breite', 'Länge', 'Zahlung', 'Text'],
  delimiter: ';', decimal: ',', time: { zone: 'Europe/Berlin', format: 'dd.MM.yyyy HH:mm' }, currency: { column: 'Währung' },
  document: { id: { column: 'Nr', strip: '^RE-' }, at: 'Datum' },
  order: { status: 'NEW', comment: 'Text', latitude: { column: 'Breite', values: { nord: '52.5' } }, longitude: 'Länge', number: 'Nr' },
  customer: { name: 'Name', country: 'Land' },
  line: { productId: 'Artikel', quantity: 'Menge', unitPrice: 'Preis' },
});
const account = findAccount(accountsOf('local'), 'file-drop', 'default');

function read(...lines: string[]): ReadDocument {
  if (!account) throw new Error('no account');
  return readDocument(
    { id: '7', rows: lines.map((raw, at) => ({ number: at + 2, values: raw.split(';'), raw, offset: 0, end: raw.length })) },
    {
      mapping: german, account, historical: false, sequenceAt: sequenceOfTime, reader: reader(german.columns, german), classOf: classifier(german),
      time: timeReader(german.time, Date.UTC(2026, 10, 22)),
    },
  );
}
const orderOf = ({ drafts }: ReadDocument) => (drafts[0]?.data as DataOf<'order.created'>).order;

describe('a mapping of one’s own', () => {
  const line = 'RE-7;01.07.2026 09:30;A-1;2;10,50;EUR;Jörg;Österreich;nord;13,4;bar;Bitte klingeln';

  it('reads decimal commas, zones, words and currencies', () => {
    const order = orderOf(read(line.replace('13,4', '13.4').replace('Österreich', 'Austria')));
    expect(order).toMatchObject({
      placedAt: '2026-07-01T07:30:00Z', currency: 'EUR', total: 2100, number: 'RE-7', comment: 'Bitte klingeln',
      position: { latitude: 52.5, longitude: 13.4, from: 'order' }, customer: { name: 'Jörg', address: { country: 'AT' } },
      lines: [{ id: '1', productId: 'A-1', quantity: 2, unitPrice: '10.50', total: 2100 }],
    });
    expect(order).not.toHaveProperty('historical');
  });

  it('keeps the text of a country that it does not know', () => {
    expect(orderOf(read(line.replace('13,4', '13.4'))).customer?.address).toEqual({ line: 'Österreich' });
  });

  it('names line and column of what it cannot read, and takes nothing of the document then', () => {
    const result = read(line.replace('13,4', ''), line.replace(';2;', ';2,5;'), line.replace('10,50', 'gratis'), line.replace('A-1', ''), line.replace('01.07', '32.07'));
    expect(result.rejected.map(({ code, path }) => [code, path])).toEqual([
      ['held', '$.lines[2]'], ['integer', '$.lines[3].Menge'], ['decimal', '$.lines[4].Preis'], ['missing', '$.lines[5].Artikel'], ['time', '$.lines[6].Datum'],
    ]);
    expect(result.drafts).toEqual([]);
  });

  it('holds a document of two currencies back', () => {
    expect(read(line.replace('13,4', ''), line.replace('EUR', 'USD')).rejected).toMatchObject([{ code: 'held' }, { code: 'currency', path: '$.lines[3].Währung' }]);
  });

  it('rejects every line of a document whose order cannot be made', () => {
    const result = read(line.replace('13,4', '13.4').replace('nord', 'süd'));
    expect(result).toMatchObject({ drafts: [], rejected: [{ code: 'word', path: '$.lines[2].Breite' }] });
  });

  it('makes nothing of a document without a line that can be read', () => {
    expect(read(line.replace(';2;', ';x;'))).toMatchObject({ drafts: [], rejected: [{ code: 'decimal' }] });
  });
});
