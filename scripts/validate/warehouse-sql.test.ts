import { chunkStatements, chunksOf } from '../../services/warehouse/src/load/statements.ts';
import { tableNames } from '../../services/warehouse/src/tables/tables.ts';
import { checkWarehouseSql, sqlOf } from './warehouse-sql.ts';

it('finds nothing wrong with the product\'s SQL', () => expect(checkWarehouseSql(process.cwd())).toEqual([]));

it('sees SQL in texts and templates, and nothing else', () => {
  const source = 'const a = "SELECT 1";\nconst b = `UPDATE ${t} SET a = :a`;\nconst c = "Create an order";\nconst d = `Select me`; // SELECT 2';
  expect(sqlOf('x.ts', source)).toEqual([{ sql: 'SELECT 1', line: 1 }, { sql: 'UPDATE x SET a = :a', line: 2 }]);
});

it('a load fits the limits of one call', () => {
  for (const chunk of chunksOf(tableNames)) {
    const statements = chunkStatements(chunk, (table) => `s3://b/${table}.json`, 'default');
    expect(statements.length).toBeLessThanOrEqual(40);
    for (const statement of statements) expect(Buffer.byteLength(statement)).toBeLessThan(100 * 1024);
  }
});
