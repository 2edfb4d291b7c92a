import { invalidPattern, likeText } from './pattern-text.ts';

/** A field of an event whose values stand between spaces; those in `[]` and `""` are one value. */
const FIELD = /\[([^\]]*)\]|"([^"]*)"|(\S+)/g;

type Test = (value: string) => boolean;

function testOf(condition: string, pattern: string): Test {
  const parts = condition.trim().split(/\s*(&&|\|\|)\s*/);
  const one = (text: string): Test => {
    const match = /^[\w-]*\s*(!=|>=|<=|=|>|<)\s*(.+)$/.exec(text);
    if (!match) {
      if (/[=<>]/.test(text)) throw invalidPattern(pattern);
      return () => true;
    }
    const [, sign = '', given = ''] = match;
    const quoted = /^"(.*)"$/.exec(given)?.[1];
    const number = Number(given);
    if (quoted === undefined && !Number.isNaN(number)) {
      const compare = { '=': (a: number) => a === number, '!=': (a: number) => a !== number, '>': (a: number) => a > number, '<': (a: number) => a < number, '>=': (a: number) => a >= number, '<=': (a: number) => a <= number }[sign];
      return (value) => compare?.(Number(value)) ?? false;
    }
    if (sign !== '=' && sign !== '!=') throw invalidPattern(pattern);
    const regex = /^%(.*)%$/.exec(given)?.[1];
    const like = regex === undefined ? likeText(quoted ?? given) : new RegExp(regex);
    return (value) => like.test(value) === (sign === '=');
  };
  const tests = parts.filter((_part, at) => at % 2 === 0).map(one);
  const any = parts.includes('||');
  return (value) => (any ? tests.some((test) => test(value)) : tests.every((test) => test(value)));
}

/** Patterns for events of columns: `[ip, user, ..., status = 4*, bytes > 1000]`; `...` stands for any number of columns. */
export function compileColumnPattern(pattern: string): (message: string) => boolean {
  const columns = pattern.trim().slice(1, -1).split(',').map((column) => column.trim());
  const gap = columns.indexOf('...');
  if (columns.lastIndexOf('...') !== gap) throw invalidPattern(pattern);
  const tests = columns.filter((column) => column !== '...').map((column) => testOf(column, pattern));
  return (message) => {
    const values = [...message.matchAll(FIELD)].map(([, inBrackets, inQuotes, plain]) => inBrackets ?? inQuotes ?? plain ?? '');
    if (gap < 0 ? values.length !== tests.length : values.length < tests.length) return false;
    return tests.every((test, at) => test(values[gap >= 0 && at >= gap ? values.length - tests.length + at : at] ?? ''));
  };
}
