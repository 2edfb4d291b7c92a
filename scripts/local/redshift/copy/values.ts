import type { CopyCommand } from './command.ts';
import { dateReader } from './dates.ts';
import { codes, FieldRefused } from './load-error.ts';

/** A column that COPY loads. */
export interface TargetColumn {
  readonly name: string;
  /** PostgreSQL's number of the type and its modifier. */
  readonly oid: number;
  readonly modifier: number;
  readonly notNull: boolean;
}

/** Text of a file → text for the database. @throws FieldRefused as Redshift refuses it */
type Reader = (text: string) => string;

const whole = (bits: 16 | 32 | 64): Reader => {
  const most = 2n ** BigInt(bits - 1);
  const type = { 16: 'Short', 32: 'Integer', 64: 'Long' }[bits];
  return (given) => {
    const text = given.trim();
    if (!/^[+-]?\d+$/.test(text)) {
      const at = text.search(/[^\d+-]|(?<=.)[+-]/);
      throw new FieldRefused(codes.digit, `Invalid digit, Value '${text[Math.max(0, at)] ?? ''}', Pos ${Math.max(0, at)}, Type: ${type}`);
    }
    if (text.length > (bits === 16 ? 4 : bits === 32 ? 9 : 18)) {
      const value = BigInt(text.replace('+', ''));
      if (value >= most || value < -most) throw new FieldRefused(codes.outOfRange, `Overflow, Type: ${type}`);
    }
    return text;
  };
};

/** COPY cuts digits beyond the scale off, unless ROUNDEC is given; INSERT rounds. */
function decimal(modifier: number, round: boolean): Reader {
  const [precision, scale] = modifier > 4 ? [(modifier - 4) >> 16, (modifier - 4) & 0xffff] : [18, 0];
  const overflow = (): FieldRefused => new FieldRefused(codes.outOfRange, `Overflow for NUMERIC(${precision},${scale})`);
  const plain = new RegExp(`^-?\\d{1,${Math.max(1, precision - scale)}}(\\.\\d{0,${scale}})?$`);
  return (given) => {
    if (precision > scale && plain.test(given)) return given;
    const [all, sign = '', digits = '', fraction = '', exponent = '0'] = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?\s*$/.exec(given) ?? [];
    if (all === undefined || digits + fraction === '') {
      const at = Math.max(0, given.search(/[^\d.+-]/));
      throw new FieldRefused(codes.decimal, `Invalid digit, Value '${given[at] ?? ''}', Pos ${at}, Type: Decimal`);
    }
    const shift = Number(exponent);
    if (Math.abs(shift) > 100) throw overflow();
    const point = digits.length + shift;
    const packed = (digits + fraction).padEnd(point, '0').padStart((digits + fraction).length + Math.max(0, -point), '0');
    const units = packed.slice(0, Math.max(0, point)).replace(/^0+(?=\d)/, '');
    const rest = packed.slice(Math.max(0, point));
    let value = BigInt(units + rest.slice(0, scale).padEnd(scale, '0') || '0');
    if (round && Number(rest[scale] ?? 0) >= 5) value += 1n;
    const text = value.toString().padStart(scale + 1, '0');
    if (value >= 10n ** BigInt(precision)) throw overflow();
    return `${sign === '-' ? '-' : ''}${scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`}`;
  };
}

const real: Reader = (given) => {
  if (!Number.isFinite(Number(given)) && !/^\s*[+-]?(NaN|Infinity)\s*$/i.test(given)) throw new FieldRefused(codes.float, 'Invalid float format or value');
  return given.trim();
};

const truths: Readonly<Record<string, string>> = { t: 't', true: 't', y: 't', yes: 't', 1: 't', f: 'f', false: 'f', n: 'f', no: 'f', 0: 'f' };
const boolean: Reader = (given) => {
  const truth = truths[given.trim().toLowerCase()];
  if (truth === undefined) throw new FieldRefused(codes.boolean, 'Unknown boolean format');
  return truth;
};

/** Lengths are bytes (https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html). */
function characters(most: number, cut: boolean, isChar: boolean): Reader {
  return (text) => {
    if (text.includes('\u0000') || text.includes('\ufffd')) throw new FieldRefused(codes.utf8, `String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: ${text.includes('\u0000') ? '00' : 'ff'} (error 1)`);
    if (isChar && /[^\x00-\x7f]/.test(text)) throw new FieldRefused(codes.char, 'Multibyte character not supported for CHAR (Hint: try using VARCHAR)');
    if (text.length * 3 <= most || Buffer.byteLength(text) <= most) return text;
    const short = Buffer.from(text).subarray(0, most).toString('utf8').replace(/\ufffd+$/, '');
    if (cut || text.slice(short.length).trim() === '') return short; // blanks beyond the length are cut off
    throw new FieldRefused(codes.outOfRange, 'String length exceeds DDL length');
  };
}

const json: Reader = (text) => {
  try {
    JSON.parse(text);
    return text.replaceAll('\\u0000', '');
  } catch {
    throw new FieldRefused(codes.invalidLine, 'Invalid value for SUPER: not JSON');
  }
};
const hex: Reader = (text) => {
  if (!/^([0-9a-f]{2})*$/i.test(text)) throw new FieldRefused(codes.digit, 'Invalid hex digit for VARBYTE');
  return `\\x${text}`;
};

function readerOf({ oid, modifier }: TargetColumn, { flags, dateFormat, timeFormat }: CopyCommand): Reader {
  switch (oid) {
    case 16: return boolean;
    case 20: return whole(64);
    case 21: return whole(16);
    case 23: return whole(32);
    case 700: case 701: return real;
    case 1700: return decimal(modifier, flags.has('ROUNDEC'));
    case 1082: return dateReader(dateFormat, 'date');
    case 1114: case 1184: return dateReader(timeFormat, 'timestamp');
    case 1042: case 1043: return characters(modifier > 4 ? modifier - 4 : 65_535, flags.has('TRUNCATECOLUMNS'), oid === 1042);
    case 3802: return json;
    case 17: return hex;
    default: return (text) => text;
  }
}

/** Field of a file → text for the database, null for NULL. @throws FieldRefused */
export function fieldReader(column: TargetColumn, command: CopyCommand): (field: string | null) => string | null {
  const { flags, nullAs } = command;
  const read = readerOf(column, command);
  const textual = column.oid === 1042 || column.oid === 1043 || column.oid === 25;
  const [trim, emptyIsNull, blankIsNull] = [flags.has('TRIMBLANKS'), flags.has('EMPTYASNULL') || nullAs === '', flags.has('BLANKSASNULL')];
  const isDate = [1082, 1114, 1184].includes(column.oid);
  const valueOf = (given: string): string | null => {
    if (given === (nullAs ?? '\\N')) return null;
    const field = textual && trim ? given.trimEnd() : given;
    if (textual ? (field === '' ? emptyIsNull : blankIsNull && field.trim() === '') : field.trim() === '') return null;
    if (!isDate || !flags.has('ACCEPTANYDATE')) return read(field);
    try {
      return read(field);
    } catch {
      return null; // ACCEPTANYDATE: what is no date is NULL
    }
  };
  return (field) => {
    const value = field === null ? null : valueOf(field);
    if (value === null && column.notNull) throw new FieldRefused(codes.notNull, 'Missing data for not-null field');
    return value;
  };
}
