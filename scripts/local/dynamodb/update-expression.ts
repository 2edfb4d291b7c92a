import type { AttributeValue, Item } from './dynalite-types.ts';
import { copyValue, typed } from './attribute-values.ts';
import { valueAt } from './condition.ts';
import type { Path } from './condition.ts';
import { dynamoError } from './dynamo-error.ts';

/** One action of a parsed update expression, as dynalite's grammar gives it. */
export interface UpdateSection {
  readonly type: 'set' | 'remove' | 'add' | 'delete';
  readonly path: Path;
  readonly val?: unknown;
  readonly attrType?: string;
}

/** Exact decimal arithmetic; answers a number in DynamoDB's notation. @throws for what DynamoDB cannot keep */
export type Arithmetic = (operator: 'add' | 'subtract', left: string, right: string) => string;

const refused = (message: string): Error => dynamoError('ValidationException', message);
const wrongType = (): Error => refused('An operand in the update expression has an incorrect data type');

function resolve(given: unknown, item: Item, calculate: Arithmetic): AttributeValue {
  const found = Array.isArray(given) ? valueAt(given as Path, item) : computed(given as { type?: string; name?: string; args?: readonly unknown[] }, item, calculate);
  if (!found) throw refused('The provided expression refers to an attribute that does not exist in the item');
  return found;
}

function computed(given: { type?: string; name?: string; args?: readonly unknown[] }, item: Item, calculate: Arithmetic): AttributeValue {
  const { type, name, args } = given;
  if (!args) return given;
  if (name === 'if_not_exists') return valueAt(args[0] as Path, item) ?? resolve(args[1], item, calculate);
  const [left, right] = [resolve(args[0], item, calculate), resolve(args[1], item, calculate)];
  if (name === 'list_append') {
    if (!Array.isArray(left['L']) || !Array.isArray(right['L'])) throw wrongType();
    return { L: [...(left['L'] as AttributeValue[]), ...(right['L'] as AttributeValue[])] };
  }
  if (typeof left['N'] !== 'string' || typeof right['N'] !== 'string') throw wrongType();
  return { N: calculate(type as 'add' | 'subtract', left['N'], right['N']) };
}

interface Place {
  readonly list?: (AttributeValue | undefined)[];
  readonly map?: Item;
  readonly at: string | number;
}

function placeOf(path: Path, item: Item): Place {
  const at = path.at(-1) as string | number;
  const parent = path.length === 1 ? { M: item } : valueAt(path.slice(0, -1), item);
  const [list, map] = [parent?.['L'] as AttributeValue[] | undefined, parent?.['M'] as Item | undefined];
  if (typeof at === 'number' ? !list : !map) throw refused('The document path provided in the update expression is invalid for update');
  return { at, ...(typeof at === 'number' && list ? { list } : map && { map }) };
}

function put({ list, map, at }: Place, value: AttributeValue): void {
  if (list) list[at as number] = value;
  else if (map) Object.defineProperty(map, at, { value, writable: true, enumerable: true, configurable: true });
}

/** What `ADD` and `DELETE` make of a number or set. */
function combined(section: UpdateSection, old: AttributeValue | undefined, calculate: Arithmetic): AttributeValue | undefined {
  const given = section.val as AttributeValue;
  const { type, content } = typed(given);
  if (old && typed(old).type !== type) throw wrongType();
  if (section.type === 'add' && type === 'N') return old ? { N: calculate('add', old['N'] as string, content as string) } : given;
  const [before, change] = [(old?.[type] ?? []) as string[], content as string[]];
  if (section.type === 'add') return { [type]: [...before, ...change.filter((one) => !before.includes(one))] };
  const left = before.filter((one) => !change.includes(one));
  return left.length > 0 ? { [type]: left } : undefined;
}

/**
 * The item after all actions. Every operand is that of the item before them, list places included: the order of actions
 * does not matter. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
export function updated(sections: readonly UpdateSection[], before: Item, calculate: Arithmetic): Item {
  const after = copyValue(before);
  const values = sections.map((section) => {
    if (section.type === 'set') return copyValue(resolve(section.val, before, calculate));
    return section.type === 'remove' ? undefined : combined(section, valueAt(section.path, before), calculate);
  });
  const removals: Place[] = [];
  const lists = new Set<(AttributeValue | undefined)[]>();
  for (const [at, section] of sections.entries()) {
    const place = placeOf(section.path, after);
    const value = values[at];
    if (value === undefined) removals.push(place);
    else put(place, copyValue(value));
    if (place.list) lists.add(place.list);
  }
  // from the last place of a list to its first, so that none moves before its turn
  removals.sort((a, b) => (typeof a.at === 'number' && typeof b.at === 'number' ? b.at - a.at : 0));
  for (const { list, map, at } of removals) {
    if (list && (at as number) < list.length) list.splice(at as number, 1);
    else if (map) Reflect.deleteProperty(map, at);
  }
  for (const list of lists) {
    // what was set behind the end stands at the end
    const dense = Array.from(list).filter((one) => one !== undefined);
    list.splice(0, list.length, ...dense);
  }
  return after;
}
