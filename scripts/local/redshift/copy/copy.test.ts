import { parseCopy, type CopyCommand } from './command.ts';
import { delimitedRows } from './delimited-rows.ts';
import { decoded } from './files.ts';
import { jsonRows, shredder } from './json-rows.ts';
import { FieldRefused } from './load-error.ts';
import { fieldReader, type TargetColumn } from './values.ts';

const copy = (options: string): CopyCommand => {
  const command = parseCopy(`COPY t FROM 's3://b/k' IAM_ROLE default ${options}`);
  if (!command) throw new Error('no COPY');
  return command;
};
const column = (oid: number, modifier = -1, notNull = false): TargetColumn => ({ name: 'c', oid, modifier, notNull });
const decimal = (precision: number, scale: number): TargetColumn => column(1700, (precision << 16) + scale + 4);
const varchar = (most: number): TargetColumn => column(1043, most + 4);
const read = (target: TargetColumn, field: string, options = "JSON 'auto'"): string | null => {
  try {
    return fieldReader(target, copy(options))(field);
  } catch (error) {
    return `${(error as FieldRefused).code} ${(error as Error).message}`;
  }
};

describe('a COPY command', () => {
  it('is read with its options in any order', () => {
    expect(parseCopy("copy Public.T (A, \"B\") from 's3://b/some/key' iam_role 'arn:aws:iam::1:role/r' delimiter as '\\t' null as 'NULL' ignoreheader 2 gzip maxerror as 7 region 'eu-west-1' statupdate off compupdate preset;")).toMatchObject({
      table: 'public.t', columns: ['a', 'b'], from: { bucket: 'b', key: 'some/key' }, compression: 'gzip', ignoreHeader: 2, maxError: 7, nullAs: 'NULL', format: { kind: 'text', delimiter: '\t' },
    });
    expect(copy("FORMAT AS JSON 's3://b/paths'").format).toEqual({ kind: 'json', paths: 's3://b/paths' });
    expect(copy('JSON').format).toEqual({ kind: 'json', paths: 'auto' });
    expect(copy("CSV QUOTE AS '^'").format).toEqual({ kind: 'csv', delimiter: ',', quote: '^' });
    expect([copy('').maxError, copy('IGNOREALLERRORS').maxError, copy('ACCEPTINVCHARS').replacement, copy("ACCEPTINVCHARS AS '^'").replacement]).toEqual([0, Infinity, '?', '^']);
    expect(parseCopy('SELECT 1')).toBeUndefined();
  });

  it.each([
    ['FORMAT AVRO', 'AVRO'], ['BZIP2', 'BZIP2'], ["ENCODING 'UTF16'", 'UTF16'], ['MAXERROR', 'MAXERROR'], ["JSON 'other'", 'JSON option'], ['CSV ESCAPE', 'CSV cannot'], ["QUOTE '^'", 'QUOTE'], ["CSV JSON 'auto'", 'JSON cannot'],
    ["CREDENTIALS 'x'", 'CREDENTIALS'], ['MAXERROR 100001', '100000'],
  ])('refuses %s', (options, about) => expect(() => copy(options)).toThrow(about));
});

it.each([
  [decimal(8, 2), '20.259', '', '20.25'], [decimal(8, 2), '-20.259', 'ROUNDEC', '-20.26'], [decimal(8, 2), '1e3', '', '1000.00'], [decimal(8, 2), '.5', '', '0.50'], [decimal(8, 2), '12345678', '', '1204 Overflow for NUMERIC(8,2)'],
  [decimal(4, 4), '0.00019', '', '0.0001'], [decimal(8, 2), '1.5e-1', '', '0.15'], [decimal(8, 2), 'x1', '', "1209 Invalid digit, Value 'x', Pos 0, Type: Decimal"], [decimal(8, 2), ' ', '', null],
  [column(23), '12', '', '12'], [column(23), '1.0', '', "1207 Invalid digit, Value '.', Pos 1, Type: Integer"], [column(21), '40000', '', '1204 Overflow, Type: Short'], [column(20), '-9223372036854775808', '', '-9223372036854775808'],
  [column(16), 'Yes', '', 't'], [column(16), 'maybe', '', '1210 Unknown boolean format'], [column(701), '1e400', '', '1208 Invalid float format or value'],
  [varchar(4), 'ää', '', 'ää'], [varchar(4), 'äää', '', '1204 String length exceeds DDL length'], [varchar(4), 'äää', 'TRUNCATECOLUMNS', 'ää'], [varchar(4), 'abcd  ', '', 'abcd'], [varchar(4), '', '', ''], [varchar(4), '', 'EMPTYASNULL', null],
  [varchar(4), '  ', '', '  '], [varchar(4), '  ', 'BLANKSASNULL', null], [varchar(4), 'a ', 'TRIMBLANKS', 'a'], [varchar(4), 'nil', "NULL AS 'nil'", null], [varchar(4), '\\N', '', null], [varchar(4), 'a\u0000b', '', expect.stringContaining('1220')],
  [column(1042, 7), 'ä', '', expect.stringContaining('1215')], [column(23, -1, true), '', '', '1213 Missing data for not-null field'],
  [column(1082), '2026-11-22', '', '2026-11-22'], [column(1082), '22.11.2026', '', expect.stringContaining('1205')], [column(1082), '22.11.2026', "DATEFORMAT 'DD.MM.YYYY'", '2026-11-22'], [column(1082), 'no day', 'ACCEPTANYDATE', null],
  [column(1114), '2026-11-22 10:00:00', '', '2026-11-22 10:00:00'], [column(1114), '2026-11-22T10:00:00Z', '', '1206 Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]'],
  [column(1114), '2026-11-22T10:00:00Z', "TIMEFORMAT 'auto'", '2026-11-22T10:00:00Z'], [column(1114), '2026-02-30', "TIMEFORMAT 'auto'", expect.stringContaining('1206')], [column(1114), '1763805600', "TIMEFORMAT 'epochsecs'", '2025-11-22T10:00:00.000Z'],
  [column(1114), 'Nov 22 2026 10:05 PM', "TIMEFORMAT 'MON DD YYYY HH12:MI AM'", '2026-11-22 22:05:00'], [column(3802), '{"a":1}', '', '{"a":1}'], [column(3802), '{', '', expect.stringContaining('1216')], [column(17), '0aff', '', '\\x0aff'],
])('loads into %o of %s with %s: %s', (target, field, options, expected) => expect(read(target, field, options)).toEqual(expected));

describe('rows of files', () => {
  const json = (text: string, options = "JSON 'auto'", columns = [column(1043), { ...column(1043), name: 'd' }]) => {
    const command = copy(options);
    const paths = command.format.kind === 'json' ? command.format.paths : '';
    return [...jsonRows(text, shredder(paths, paths === 's3://b/p' ? ['$.x[0]', "$['y'].z"] : undefined, columns), command)].map(({ line, fields }) => [line, fields instanceof FieldRefused ? fields.message : fields]);
  };
  it('of JSON: one a line, several a line, over several lines, broken ones', () => {
    expect(json('{"c":"1"}\n\n{"c":2,"d":null}{"d":[1]}\n{\n "c": 3\n}\n{"c":\n{"c":12345678901234567890.10}\n')).toEqual([[1, ['1', null]], [3, ['2', null]], [3, [null, '[1]']], [4, ['3', null]], [7, 'Invalid value.'], [8, ['12345678901234567890.10', null]]]);
    expect(json('{"C":1,"D":{"e":true}}', "JSON 'auto ignorecase'")).toEqual([[1, ['1', '{"e":true}']]]);
    expect(json('{"x":[5],"y":{"z":"é"}}\n{"x":[]}', "JSON 's3://b/p'")).toEqual([[1, ['5', 'é']], [2, [null, null]]]);
    expect(json('{"a":1}', "JSON 'noshred'", [column(3802)])).toEqual([[1, ['{"a":1}']]]);
  });

  const delimited = (text: string, options: string, width = 2) => [...delimitedRows(text, width, copy(options))].map(({ line, fields }) => [line, fields instanceof FieldRefused ? fields.message : fields]);
  it('of CSV', () => {
    expect(delimited('a,b\r\n"x, ""y""\nz" ,2\r\n,\n', 'CSV IGNOREHEADER 1')).toEqual([[2, ['x, "y"\nz', '2']], [4, ['', '']]]);
    expect(delimited('1,2,3\n1\n"a\n', 'CSV')).toEqual([[1, 'Extra column(s) found'], [2, 'Delimiter not found'], [3, 'Invalid quote formatting for CSV. Unterminated quote']]);
    expect(delimited('1\n\n', 'CSV FILLRECORD IGNOREBLANKLINES')).toEqual([[1, ['1', '']]]);
  });
  it('of delimited text', () => {
    expect(delimited('a\\|b|c\\\nd\n\\N|2\n', 'ESCAPE')).toEqual([[1, ['a|b', 'c\nd']], [3, ['\\N', '2']]]);
    expect(delimited("'a|b'\t1\n", "DELIMITER '\\t' REMOVEQUOTES")).toEqual([[1, ['a|b', '1']]]);
  });
  it('of bytes that are no UTF-8', () => expect([decoded(Buffer.from('ä')), decoded(Buffer.from([0x61, 0xe4, 0x62]), '^')]).toEqual(['ä', 'a^b']));
});
