import type { ScalarTag, CollectionTag, Tags } from 'yaml';
import { AwsError } from '../service.ts';
import type { Template } from './template.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MOST_BYTES_INLINE = 51_200;
const MOST_BYTES = 1_000_000;

const FUNCTIONS = ['Base64', 'Cidr', 'FindInMap', 'GetAZs', 'If', 'ImportValue', 'Join', 'Select', 'Split', 'Sub', 'And', 'Equals', 'Not', 'Or', 'Transform'];

/** YAML's short forms, `!Sub …`, as the long ones. */
function shortForms(): Tags {
  const named: [string, string][] = [['Ref', 'Ref'], ['Condition', 'Condition'], ...FUNCTIONS.map((name): [string, string] => [name, `Fn::${name}`])];
  const attribute: ScalarTag = { tag: '!GetAtt', resolve: (text) => ({ 'Fn::GetAtt': [text.slice(0, text.indexOf('.')), text.slice(text.indexOf('.') + 1)] }) };
  const listed = (tag: string, long: string): CollectionTag => ({ tag, collection: 'seq', resolve: (items) => ({ [long]: (items as unknown as { toJSON(): unknown }).toJSON() }) });
  const mapped = (tag: string, long: string): CollectionTag => ({ tag, collection: 'map', resolve: (items) => ({ [long]: (items as unknown as { toJSON(): unknown }).toJSON() }) });
  return [attribute, listed('!GetAtt', 'Fn::GetAtt'), ...named.flatMap(([short, long]): (ScalarTag | CollectionTag)[] => [{ tag: `!${short}`, resolve: (text) => ({ [long]: text }) }, listed(`!${short}`, long), mapped(`!${short}`, long)])];
}

async function parseYaml(body: string): Promise<unknown> {
  // only templates that people write are YAML: the parser is not in memory before one comes
  const { parseDocument, visit, isScalar } = await import('yaml');
  const document = parseDocument(body, { customTags: shortForms(), logLevel: 'silent' });
  const [error] = document.errors;
  if (error) throw new AwsError('ValidationError', `Template format error: YAML not well-formed. (line ${error.linePos?.[0].line ?? 0}, column ${error.linePos?.[0].col ?? 0})`);
  visit(document, {
    Scalar(_key, node) {
      // dates stay as written: '2010-09-09'
      if (isScalar(node) && node.value instanceof Date) node.value = node.source;
    },
  });
  return document.toJS();
}

/** @param inline the template came in the request itself, which may be smaller. @throws AwsError ValidationError, in CloudFormation's words */
export async function parseTemplate(body: string, inline: boolean): Promise<Template> {
  const bytes = Buffer.byteLength(body);
  if (inline && bytes > MOST_BYTES_INLINE) throw new AwsError('ValidationError', `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${MOST_BYTES_INLINE}`);
  if (bytes > MOST_BYTES) throw new AwsError('ValidationError', `Template may not exceed ${MOST_BYTES} bytes in size.`);
  let value: unknown;
  if (/^\s*\{/.test(body)) {
    try {
      value = JSON.parse(body);
    } catch (error) {
      throw new AwsError('ValidationError', `Template format error: JSON not well-formed. (${(error as Error).message})`);
    }
  } else value = await parseYaml(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new AwsError('ValidationError', 'Template format error: unsupported structure.');
  return value as Template;
}
