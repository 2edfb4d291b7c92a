import type { AwsError } from '../../service.ts';
import { formTree, mapOf, numbered, queryAnswer, queryFault } from '../query-protocol.ts';
import type { Document } from '../query-protocol.ts';

const NAMESPACE = 'http://queue.amazonaws.com/doc/2012-11-05/';
const LEGACY = 'AWS.SimpleQueueService.';
/** Codes that older clients know under another name, as the service's model has them. */
const LEGACY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: `${LEGACY}NonExistentQueue`, QueueNameExists: 'QueueAlreadyExists',
  ...Object.fromEntries(['BatchEntryIdsNotDistinct', 'BatchRequestTooLong', 'EmptyBatchRequest', 'InvalidBatchEntryId', 'MessageNotInflight', 'PurgeQueueInProgress', 'QueueDeletedRecently', 'TooManyEntriesInBatchRequest', 'UnsupportedOperation'].map((code) => [code, LEGACY + code])),
};

/** Lists and maps of the query protocol, which are numbered and carry other names there. */
const LISTS: Readonly<Record<string, string>> = {
  AttributeName: 'AttributeNames', MessageAttributeName: 'MessageAttributeNames', MessageSystemAttributeName: 'MessageSystemAttributeNames', TagKey: 'TagKeys', ActionName: 'Actions', AWSAccountId: 'AWSAccountIds',
};
const MAPS: Readonly<Record<string, readonly [name: string, key: string, value: string]>> = {
  Attribute: ['Attributes', 'Name', 'Value'], MessageAttribute: ['MessageAttributes', 'Name', 'Value'], MessageSystemAttribute: ['MessageSystemAttributes', 'Name', 'Value'], Tag: ['Tags', 'Key', 'Value'],
};
const ENTRIES = /^(SendMessage|DeleteMessage|ChangeMessageVisibility)BatchRequestEntry$/;

function structured(tree: Document): Document {
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => {
    const map = MAPS[name];
    if (map) return [map[0], mapOf(value, map[1], map[2])];
    const list = LISTS[name];
    if (list !== undefined) return [list, numbered(value)];
    return ENTRIES.test(name) ? ['Entries', numbered(value).map((entry) => structured(entry as Document))] : [name, value];
  }));
}

/** Input of a query-protocol request in the form that the JSON protocol gives it. */
export function sqsForm(body: string, path: string): Document {
  const { Action: _action, Version: _version, ...input } = structured(formTree(body));
  // old clients name the queue by the address that they post to
  return path.length > 1 && input['QueueUrl'] === undefined ? { ...input, QueueUrl: path } : input;
}

const pairs = (map: Document, key: string): Document[] => Object.entries(map).map(([name, Value]) => ({ [key]: name, Value }));

function flattened(operation: string, output: Document): Document {
  return Object.fromEntries(Object.entries(output).map(([name, value]): [string, unknown] => {
    switch (name) {
      case 'QueueUrls':
      case 'queueUrls': return ['QueueUrl', value];
      case 'Attributes': return ['Attribute', pairs(value as Document, 'Name')];
      case 'MessageAttributes': return ['MessageAttribute', pairs(value as Document, 'Name')];
      case 'Tags': return ['Tag', pairs(value as Document, 'Key')];
      case 'Messages': return ['Message', (value as Document[]).map((message) => flattened(operation, message))];
      case 'Successful': return [`${operation}ResultEntry`, value];
      case 'Failed': return ['BatchResultErrorEntry', value];
      case 'Results': return ['Result', value];
      default: return [name, value];
    }
  }));
}

export const sqsXml = (operation: string, output: Document, requestId: string): string => queryAnswer(NAMESPACE, operation, flattened(operation, output), requestId);

/** Headers and body of an error, in the protocol of the request. */
export function sqsFault(error: AwsError, json: boolean, requestId: string): { readonly headers: Record<string, string>; readonly body: string } {
  const legacy = LEGACY_CODES[error.code] ?? error.code;
  const fault = error.status < 500 ? 'Sender' : 'Receiver';
  if (!json) return { headers: { 'content-type': 'text/xml' }, body: queryFault(NAMESPACE, error.status < 500, legacy, error.message, requestId) };
  return {
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-query-error': `${legacy};${fault}` },
    body: JSON.stringify({ __type: `com.amazonaws.sqs#${error.code}`, message: error.message, ...error.extra }),
  };
}
