import type { AwsError } from '../../service.ts';
import { formTree, mapOf, numbered, queryAnswer, queryFault } from '../query-protocol.ts';
import type { Document } from '../query-protocol.ts';

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';
/** Maps, and the names that their entries' parts have. */
const MAPS: Readonly<Record<string, readonly [key: string, value: string]>> = { Attributes: ['key', 'value'], MessageAttributes: ['Name', 'Value'] };

function structured(tree: Document): Document {
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => {
    if (typeof value !== 'object' || value === null) return [name, value];
    const { member, entry } = value as Document;
    const map = MAPS[name];
    if (map) return [name, mapOf(entry, ...map)];
    return [name, numbered(member).map((one) => (typeof one === 'object' && one !== null ? structured(one as Document) : one))];
  }));
}

/** Input of an SNS request: lists and maps as such. */
export function snsForm(body: string): Document {
  const { Action: _action, Version: _version, ...input } = structured(formTree(body));
  return input;
}

export function snsXml(operation: string, output: Document, requestId: string): string {
  const shaped = Object.fromEntries(Object.entries(output).map(([name, value]) => {
    if (Array.isArray(value)) return [name, { member: value as unknown[] }];
    return name === 'Attributes' ? [name, { entry: Object.entries(value as Document).map(([key, one]) => ({ key, value: one })) }] : [name, value];
  }));
  return queryAnswer(NAMESPACE, operation, shaped, requestId);
}

export const snsFault = (error: AwsError, requestId: string): string => queryFault(NAMESPACE, error.status < 500, error.code, error.message, requestId);
