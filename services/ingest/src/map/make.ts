import type { EventType } from '@orderflow/shared/events';
import { fieldsOf, Unreadable, type Fields } from '../convert/index.ts';
import type { Items, ReadingContext } from '../sources/definition.ts';
import type { Scope } from './read.ts';

/** Makes the items of one object of a payload. @throws Unreadable */
export type Make = (fields: Fields, context: ReadingContext, outer?: Fields) => Items;

/** What readers know outside of any amount. */
export const scopeOf = ({ account, receivedAt }: Pick<ReadingContext, 'account' | 'receivedAt'>, outer?: Fields): Scope =>
  ({ account, now: receivedAt, currency: account.currency ?? '', outer });

/** A reader that makes, of each routed type, what its maker says. A type without one is a fault of the definition. */
export const eventsOf = (makers: Readonly<Partial<Record<EventType, Make>>>) =>
  (payload: unknown, context: ReadingContext): Items => {
    const make = makers[context.route];
    if (make === undefined) throw new Unreadable('topic', '$', 'has no reader');
    return make(fieldsOf(payload), context);
  };

/** What several makers say of one object, in turn. */
export const together = (...makers: readonly Make[]): Make => (fields, context, outer) => makers.flatMap((make) => make(fields, context, outer));

/** The same for an object that stands under a name. @throws Unreadable `missing` */
export const under = (path: string, make: Make): Make => (fields, context, outer) => {
  let holder = fields;
  for (const name of path.split('.')) {
    const child = holder.child(name);
    if (child === undefined) throw new Unreadable('missing', holder.path(name), 'is missing');
    holder = child;
  }
  return make(holder, context, outer ?? fields);
};

/** Items of each object of a list, which may look at the object around it; one that cannot be read does not hold up the others. */
export const forEach = (of: (fields: Fields) => readonly Fields[], make: Make): Make => (fields, context) =>
  of(fields).flatMap((one): Items => {
    try {
      return make(one, context, fields);
    } catch (error) {
      if (error instanceof Unreadable) return [{ code: error.code, path: error.path, message: error.message }];
      throw error;
    }
  });
