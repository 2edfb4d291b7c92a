import type { Documents } from './documents.ts';
import { text } from './fields.ts';
import { AwsError, jsonProtocol } from './service.ts';
import type { LocalService } from './service.ts';

interface Parameter {
  readonly value: string;
  readonly type: string;
  readonly version: number;
  /** Epoch seconds. */
  readonly modifiedAt: number;
}

const plain = (name: string): string => name.replace(/^arn:aws:ssm:[^:]*:[^:]*:parameter(?=\/)/, '').replace(/^arn:aws:ssm:[^:]*:[^:]*:parameter\//, '');

/** SSM Parameter Store. Names may carry `:<version>`, of which only the latest exists here. */
export function parametersService(documents: Documents): LocalService {
  const kept = documents.collection<Parameter>('parameter');
  const show = (name: string, one: Parameter): Record<string, unknown> => ({
    Name: name, Type: one.type, Value: one.value, Version: one.version, LastModifiedDate: one.modifiedAt, DataType: 'text',
    ARN: `arn:aws:ssm:eu-west-1:000000000000:parameter${name.startsWith('/') ? '' : '/'}${name}`,
  });
  const find = (given: string): Record<string, unknown> | undefined => {
    const [name = ''] = plain(given).split(':');
    const found = kept.get(name);
    return found && show(name, found);
  };
  return {
    ...jsonProtocol(['ssm'], {
      GetParameter: (input) => {
        const found = find(String(input['Name']));
        if (!found) throw new AwsError('ParameterNotFound', `Parameter ${String(input['Name'])} not found.`);
        return { Parameter: found };
      },
      GetParameters: (input) => {
        const names = input['Names'] as string[];
        const found = names.map(find);
        return { Parameters: found.filter((one) => one !== undefined), InvalidParameters: names.filter((_, i) => found[i] === undefined) };
      },
      GetParametersByPath: (input) => {
        const path = String(input['Path']).replace(/\/?$/, '/');
        const below = kept.all().filter(({ name }) => name.startsWith(path) && (input['Recursive'] === true || !name.slice(path.length).includes('/')));
        return { Parameters: below.map(({ name, content }) => show(name, content)) };
      },
      PutParameter: (input) => {
        const name = String(input['Name']);
        const old = kept.get(name);
        if (old && input['Overwrite'] !== true) throw new AwsError('ParameterAlreadyExists', 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.');
        const made: Parameter = { value: text(input, 'Value'), type: text(input, 'Type', old?.type ?? 'String'), version: (old?.version ?? 0) + 1, modifiedAt: Date.now() / 1000 };
        kept.put(name, made);
        return { Version: made.version, Tier: 'Standard' };
      },
      DeleteParameter: (input) => {
        if (!kept.remove(String(input['Name']))) throw new AwsError('ParameterNotFound', `Parameter ${String(input['Name'])} not found.`);
      },
      DeleteParameters: (input) => {
        const names = input['Names'] as string[];
        const gone = names.filter((name) => kept.remove(name));
        return { DeletedParameters: gone, InvalidParameters: names.filter((name) => !gone.includes(name)) };
      },
      DescribeParameters: () => ({ Parameters: kept.all().map(({ name, content }) => ({ Name: name, Type: content.type, Version: content.version, LastModifiedDate: content.modifiedAt })) }),
      AddTagsToResource: () => ({}),
      RemoveTagsFromResource: () => ({}),
      ListTagsForResource: () => ({ TagList: [] }),
    }),
    close: () => Promise.resolve(),
  };
}
