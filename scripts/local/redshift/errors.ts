import { DatabaseError } from 'pg';

/** The statement was ended by CancelStatement (or by a fault that does what it does). */
export class Cancelled extends Error {
  constructor(pid: number) {
    super(`ERROR: Query (${pid}) cancelled on user's request`);
    this.name = 'Cancelled';
  }
}

/** What a collision is called (https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation-serializable-isolation-troubleshooting.html). */
export const isolationViolation = (about: string): string => `ERROR: 1023\n  Detail: Serializable isolation violation on table in Redshift${about}`;

const fieldTooLong = /^bytes (\d+) (.+)$/;

/** An error in the words that DescribeStatement shows. */
export function wordsOf(error: unknown): string {
  const { message } = error as Error;
  if (!(error instanceof DatabaseError)) return message.startsWith('ERROR:') || message.startsWith('Connection') ? message : `ERROR: ${message}`;
  const { code, detail, constraint, table, position } = error;
  switch (code) {
    case '21000': return message.startsWith('MERGE') ? 'ERROR: Found multiple matches to update the same tuple.' : `ERROR: ${message}`;
    case '40001': return isolationViolation('');
    case '22003': return message.startsWith('numeric field overflow') ? 'ERROR: Numeric data overflow (result precision)' : `ERROR: Value out of range: ${message}`;
    case '23514': {
      const [, most] = fieldTooLong.exec(constraint ?? '') ?? [];
      if (most !== undefined) return `ERROR: Value too long for character type\n  Detail: Value too long for type character varying(${most})`;
      break;
    }
    case '23502': return `ERROR: Cannot insert a NULL value into column ${error.column ?? ''}${table === undefined ? '' : `\n  Detail: table ${table}`}`;
    case '57014': return message.includes('statement timeout') ? "ERROR: Query cancelled on user's request\n  Detail: statement timeout" : `ERROR: ${message}`;
    case '42601': return `ERROR: ${message}${position === undefined ? '' : `\n  Position: ${position}`}`;
    default:
  }
  return `ERROR: ${message}${detail === undefined ? '' : `\n  Detail: ${detail}`}`;
}
