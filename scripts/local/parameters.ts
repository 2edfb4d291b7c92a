import type { Documents } from './documents.ts';
import { text } from './fields.ts';
import { pageOf } from './paging.ts';
import { AwsError, jsonProtocol } from './service.ts';
import type { LocalService } from './service.ts';

interface Tag { readonly Key: string; readonly Value: string }

interface Parameter {
  readonly value: string;
  readonly type: string;
  readonly version: number;
  /** Epoch seconds. */
  readonly modifiedAt: number;
  readonly tags?: readonly Tag[];
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
  const needed = (input: Record<string, unknown>): [string, Parameter] => {
    const name = String(input['ResourceId']);
    const found = kept.get(name);
    if (!found) throw new AwsError('InvalidResourceId', `The resource ID is not valid: ${name}`);
    return [name, found];
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
        const { page, token } = pageOf(below, ({ name }) => name, input, 10);
        return { Parameters: page.map(({ name, content }) => show(name, content)), NextToken: token };
      },
      PutParameter: (input) => {
        const name = String(input['Name']);
        if (!/^[\w./-]{1,2048}$/.test(name)) throw new AwsError('ValidationException', 'Parameter name must be letters, digits and ./-_ only.');
        if (text(input, 'Value') === '') throw new AwsError('ValidationException', 'Value of a parameter must not be empty.');
        const old = kept.get(name);
        if (old && input['Overwrite'] !== true) throw new AwsError('ParameterAlreadyExists', 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.');
        const made: Parameter = { value: text(input, 'Value'), type: text(input, 'Type', old?.type ?? 'String'), version: (old?.version ?? 0) + 1, modifiedAt: Date.now() / 1000, tags: old?.tags ?? ((input['Tags'] ?? []) as Tag[]) };
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
      DescribeParameters: (input) => {
        const { page, token } = pageOf(kept.all(), ({ name }) => name, input, 50);
        return { Parameters: page.map(({ name, content }) => ({ Name: name, Type: content.type, Version: content.version, LastModifiedDate: content.modifiedAt })), NextToken: token };
      },
      AddTagsToResource: (input) => {
        const [name, one] = needed(input);
        const added = input['Tags'] as Tag[];
        kept.put(name, { ...one, tags: [...(one.tags ?? []).filter((old) => !added.some((tag) => tag.Key === old.Key)), ...added] });
      },
      RemoveTagsFromResource: (input) => {
        const [name, one] = needed(input);
        kept.put(name, { ...one, tags: (one.tags ?? []).filter((tag) => !(input['TagKeys'] as string[]).includes(tag.Key)) });
      },
      ListTagsForResource: (input) => ({ TagList: needed(input)[1].tags ?? [] }),
    }),
    close: () => Promise.resolve(),
  };
}
