import type { AttributeValue, Item } from './dynalite-types.ts';
import { compareValues, sameValue, typed } from './attribute-values.ts';

/** A parsed condition, as dynalite's grammar gives it: an operand is a path, a value or the function `size`. */
export interface Condition {
  readonly type: string;
  readonly name?: string;
  readonly args: readonly unknown[];
}
export type Path = readonly (string | number)[];

/** What stands at a document path. */
export function valueAt(path: Path, item: Item): AttributeValue | undefined {
  let at: AttributeValue | undefined = item[path[0] as string];
  for (let step = 1; step < path.length && at; step++) {
    const piece = path[step] as string | number;
    at = (typeof piece === 'number' ? (at['L'] as AttributeValue[] | undefined)?.[piece] : (at['M'] as Item | undefined)?.[piece]);
  }
  return at;
}

function sizeOf(value: AttributeValue): AttributeValue | undefined {
  const { type, content } = typed(value);
  switch (type) {
    case 'S': return { N: String((content as string).length) };
    case 'B': return { N: String(Buffer.byteLength(content as string, 'base64')) };
    case 'SS': case 'NS': case 'BS': case 'L': return { N: String((content as unknown[]).length) };
    case 'M': return { N: String(Object.keys(content as Item).length) };
    default: return undefined;
  }
}

function operand(given: unknown, item: Item): AttributeValue | undefined {
  if (Array.isArray(given)) return valueAt(given as Path, item);
  const { type, args } = given as Partial<Condition>;
  if (type !== 'function' || !args) return given as AttributeValue;
  const inner = operand(args[0], item);
  return inner && sizeOf(inner);
}

function contains(value: AttributeValue, wanted: AttributeValue): boolean {
  const { type, content } = typed(value);
  const { type: wantedType, content: part } = typed(wanted);
  switch (type) {
    case 'S': return wantedType === 'S' && (content as string).includes(part as string);
    case 'B': return wantedType === 'B' && Buffer.from(content as string, 'base64').includes(Buffer.from(part as string, 'base64'));
    case 'SS': case 'NS': case 'BS': return wantedType === type.charAt(0) && (content as string[]).includes(part as string);
    case 'L': return (content as AttributeValue[]).some((one) => sameValue(one, wanted));
    default: return false;
  }
}

function beginsWith(value: AttributeValue, start: AttributeValue): boolean {
  const [left, right] = [typed(value), typed(start)];
  if (left.type !== right.type) return false;
  if (left.type === 'S') return (left.content as string).startsWith(right.content as string);
  const [bytes, wanted] = [Buffer.from(left.content as string, 'base64'), Buffer.from(right.content as string, 'base64')];
  return bytes.subarray(0, wanted.length).equals(wanted);
}

/**
 * Whether an item meets a condition or filter. Replaces dynalite's, which never finds lists and maps equal, and orders text
 * by UTF-16. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export function meets(condition: Condition, item: Item, numberKey: (value: string) => string): boolean {
  const { type, args } = condition;
  switch (type) {
    case 'and': return args.every((one) => meets(one as Condition, item, numberKey));
    case 'or': return args.some((one) => meets(one as Condition, item, numberKey));
    case 'not': return !meets(args[0] as Condition, item, numberKey);
    default: break;
  }
  const [first, second, third] = args.map((one) => operand(one, item));
  const name = type === 'function' ? condition.name : type;
  if (name === 'attribute_exists') return first !== undefined;
  if (name === 'attribute_not_exists') return first === undefined;
  // an attribute that is not there differs from every value, and compares with none
  if (name === '<>') return first !== undefined && second !== undefined ? !sameValue(first, second) : first !== second;
  if (first === undefined) return false;
  if (name === 'in') return args.slice(1).some((one) => {
    const value = operand(one, item);
    return value !== undefined && sameValue(first, value);
  });
  if (second === undefined) return false;
  const order = (other: AttributeValue): number => compareValues(first, other, numberKey) ?? Number.NaN;
  switch (name) {
    case '=': return sameValue(first, second);
    case '<': return order(second) < 0;
    case '<=': return order(second) <= 0;
    case '>': return order(second) > 0;
    case '>=': return order(second) >= 0;
    case 'between': return third !== undefined && order(second) >= 0 && order(third) <= 0;
    case 'contains': return contains(first, second);
    case 'begins_with': return beginsWith(first, second);
    case 'attribute_type': return typed(first).type === second['S'];
    default: throw new Error(`a condition of type ${String(name)}`);
  }
}
