import { AwsError } from '../../service.ts';
import { xmlText } from '../../errors.ts';

/** Answer of an operation; `undefined` members are left out, empty lists are there. */
export type Tree = string | number | boolean | undefined | readonly Tree[] | { readonly [name: string]: Tree };

export function xml(name: string, value: Tree): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return `<${name}>${(value as readonly Tree[]).map((item) => xml('member', item)).join('')}</${name}>`;
  if (typeof value === 'object') return `<${name}>${Object.entries(value).map(([key, child]) => xml(key, child)).join('')}</${name}>`;
  return `<${name}>${xmlText(String(value))}</${name}>`;
}

/** Fields of the query protocol. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export class Form {
  readonly #fields: URLSearchParams;
  constructor(fields: URLSearchParams) {
    this.#fields = fields;
  }
  get(name: string): string | undefined {
    return this.#fields.get(name) ?? undefined;
  }
  flag(name: string): boolean | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : value === 'true';
  }
  need(name: string): string {
    const value = this.get(name);
    if (value === undefined || value === '') throw new AwsError('ValidationError', `1 validation error detected: Value null at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`);
    return value;
  }
  /** `undefined` = the list was not given; an empty one is `Name=`. */
  list(name: string): string[] | undefined {
    const found: string[] = [];
    for (let at = 1; this.#fields.has(`${name}.member.${at}`); at += 1) found.push(this.get(`${name}.member.${at}`) ?? '');
    return found.length > 0 || this.#fields.has(name) ? found : undefined;
  }
  objects(name: string): Record<string, string>[] | undefined {
    const found: Record<string, string>[] = [];
    for (const [key, value] of this.#fields) {
      const [, at, field] = new RegExp(`^${name}\\.member\\.(\\d+)\\.(\\w+)$`).exec(key) ?? [];
      if (at !== undefined && field !== undefined) (found[Number(at) - 1] ??= {})[field] = value;
    }
    return found.length > 0 || this.#fields.has(name) ? found : undefined;
  }
}

export type Operation = (form: Form) => Promise<Tree> | Tree;
export type Operations = Readonly<Record<string, Operation>>;

export const moment = (ms: number | undefined): string | undefined => (ms === undefined ? undefined : new Date(ms).toISOString());

/** One page of a list whose token is a place in it. */
export function pageOf<T>(items: readonly T[], form: Form, size: number): { readonly page: readonly T[]; readonly NextToken?: string } {
  const from = Number(form.get('NextToken') ?? 0);
  if (!Number.isInteger(from) || from < 0) throw new AwsError('ValidationError', 'Invalid NextToken');
  const page = items.slice(from, from + size);
  return from + size < items.length ? { page, NextToken: String(from + size) } : { page };
}
