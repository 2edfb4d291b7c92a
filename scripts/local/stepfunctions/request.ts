import { optionalText } from '../fields.ts';
import { AwsError } from '../service.ts';

export type Input = Record<string, unknown>;

/** Names of machines and executions. https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff]{1,80}$/;
const MOST_BYTES = 256 * 1024;
const MOST_RESULTS = 1000;

export const seconds = (ms: number | null | undefined): number | undefined => (ms === null || ms === undefined ? undefined : ms / 1000);

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

/** @throws InvalidName */
export function checkName(name: string): string {
  if (!NAME.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
  return name;
}

/** A field that must be there, as text. */
export function required(input: Input, field: string): string {
  const value = optionalText(input, field);
  if (value === undefined) throw invalid(`1 validation error detected: Value null at '${field}' failed to satisfy constraint: Member must not be null`);
  return value;
}

/** @throws InvalidArn unless it is of that kind of resource */
export function arnIn(input: Input, field: string, kind: 'stateMachine' | 'execution'): string {
  const arn = required(input, field);
  const [prefix, , service, , , type, ...rest] = arn.split(':');
  if (prefix !== 'arn' || service !== 'states') throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  if (type !== kind || rest.length < (kind === 'execution' ? 2 : 1)) throw new AwsError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${type}'`);
  return arn;
}

/** JSON text of at most 256 KiB. */
export function jsonIn(input: Input, field: string, code: string, what: string, otherwise?: string): string {
  const text = optionalText(input, field) ?? otherwise ?? required(input, field);
  if (text.length * 3 > MOST_BYTES && Buffer.byteLength(text) > MOST_BYTES) throw new AwsError(code, `${what}: it has more than ${MOST_BYTES} bytes`);
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AwsError(code, `${what}: '${(error as Error).message}'`);
  }
  return text;
}

export function limitedText(input: Input, field: string, most: number): string | undefined {
  const text = optionalText(input, field);
  if (text !== undefined && text.length > most) throw invalid(`1 validation error detected: Value at '${field}' failed to satisfy constraint: Member must have length less than or equal to ${most}`);
  return text;
}

/** Size of a page: 0 and none stand for 100. */
export function pageSize(input: Input): number {
  const size = Number(input['maxResults'] ?? 0);
  if (!(size >= 0 && size <= MOST_RESULTS)) throw invalid(`1 validation error detected: Value '${size}' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to ${MOST_RESULTS}`);
  return size || 100;
}

/** The place where a page goes on. @throws InvalidToken */
export function placeIn(input: Input): number | undefined {
  const token = optionalText(input, 'nextToken');
  if (token === undefined) return undefined;
  const place = Number(Buffer.from(token, 'base64').toString().replace(/^place:/, ''));
  if (!Number.isInteger(place)) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
  return place;
}

export const tokenOf = (place: number): string => Buffer.from(`place:${place}`).toString('base64');

/** One page of a list whose place is the index. */
export function page<T>(items: readonly T[], input: Input): { items: readonly T[]; nextToken?: string } {
  const from = placeIn(input) ?? 0;
  const size = pageSize(input);
  return { items: items.slice(from, from + size), ...(items.length > from + size ? { nextToken: tokenOf(from + size) } : {}) };
}
