import { cutStatements, outstanding, readMigration } from './migration.ts';

const one = readMigration('001_first.sql', 'CREATE TABLE a (x INTEGER);');
const two = readMigration('002_second.sql', 'CREATE TABLE b (x INTEGER);');

describe('migrations', () => {
  it('are cut at semicolons outside of literals and comments', () => {
    expect(cutStatements("-- a; b\nSELECT 'x;''y'; /* ; */ SELECT 1 - 2 / 3;\n")).toEqual(["SELECT 'x;''y'", 'SELECT 1 - 2 / 3']);
  });
  it('are those not yet applied, in order', () => {
    expect(outstanding([one, two], [])).toEqual([one, two]);
    expect(outstanding([one, two], [one])).toEqual([two]);
    expect(outstanding([one, two], [one, two])).toEqual([]);
  });
  it('never change, vanish or come in between once applied', () => {
    expect(() => outstanding([{ ...one, checksum: 'other' }], [one])).toThrow('changed after it was applied');
    expect(() => outstanding([two], [one, two])).toThrow('gone');
    expect(() => outstanding([one, two], [two])).toThrow('higher number');
    expect(() => readMigration('first.sql', '')).toThrow('NNN_what.sql');
  });
});
