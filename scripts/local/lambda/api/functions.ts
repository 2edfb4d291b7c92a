import { AwsError } from '../../service.ts';
import { RestAnswer, type RestTable } from '../../rest-protocol.ts';
import { unpack, type UnpackedCode } from '../code.ts';
import { checkDefinition, refuseUnsupported } from '../definition-rules.ts';
import type { FunctionDefinition } from '../function.ts';
import type { LambdaRuntime } from '../runtime.ts';
import { configurationOf } from './configuration.ts';

type Input = Readonly<Record<string, unknown>>;

/** What the API needs besides the runtime. */
export interface CodePorts {
  readonly region: string;
  readonly accountId: string;
  /** Folder of unzipped packages. */
  readonly codeCache: string;
  readObject(bucket: string, key: string): Promise<Buffer>;
}

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });

/** The properties that both CreateFunction and UpdateFunctionConfiguration take; only what the input names. */
function propertiesIn(input: Input): Partial<FunctionDefinition> {
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
  const entries = {
    description: text(input['Description']), handler: text(input['Handler']), runtime: text(input['Runtime']), role: text(input['Role']),
    memoryMb: number(input['MemorySize']), timeoutSeconds: number(input['Timeout']),
    environment: input['Environment'] === undefined ? undefined : ((input['Environment'] as { Variables?: Record<string, string> }).Variables ?? {}),
    deadLetterArn: text((input['DeadLetterConfig'] as { TargetArn?: string } | undefined)?.TargetArn),
    tracing: text((input['TracingConfig'] as { Mode?: string } | undefined)?.Mode),
    logGroup: text((input['LoggingConfig'] as { LogGroup?: string } | undefined)?.LogGroup),
    architecture: text((input['Architectures'] as string[] | undefined)?.[0]),
  };
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}

async function codeIn(input: Input, ports: CodePorts): Promise<UnpackedCode> {
  const { ZipFile, S3Bucket, S3Key } = input as { ZipFile?: string; S3Bucket?: string; S3Key?: string };
  let zip: Buffer;
  if (ZipFile !== undefined) zip = Buffer.from(ZipFile, 'base64');
  else if (S3Bucket !== undefined && S3Key !== undefined) {
    zip = await ports.readObject(S3Bucket, S3Key).catch((error: unknown) => {
      throw invalid(`Error occurred while GetObject. S3 Error Code: ${(error as { code?: string }).code ?? 'NoSuchKey'}. S3 Error Message: ${(error as Error).message}`);
    });
  } else throw invalid('Please provide a source for function code.');
  try {
    return unpack(zip, ports.codeCache);
  } catch {
    throw invalid('Could not unzip uploaded file. Please check your file, then try to upload again.');
  }
}

const codeOf = (code: UnpackedCode): Pick<FunctionDefinition, 'folder' | 'codeSha256' | 'codeSize'> => ({ folder: code.folder, codeSha256: code.sha256, codeSize: code.size });

/** The function, if it is still as the caller knows it. */
function atRevision(definition: FunctionDefinition, input: Input): FunctionDefinition {
  const wanted = input['RevisionId'];
  if (wanted === undefined || wanted === configurationOf(definition)['RevisionId']) return definition;
  throw new AwsError('PreconditionFailedException', 'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id', 412, { Type: 'User' });
}

/** Making, reading, changing and removing functions. https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html */
export function functionRoutes(runtime: LambdaRuntime, ports: CodePorts): RestTable {
  return {
    'POST /2015-03-31/functions': ['CreateFunction', async (_parts, input) => {
      const name = String(input['FunctionName']).split(':').pop() ?? '';
      const arn = `arn:aws:lambda:${ports.region}:${ports.accountId}:function:${name}`;
      if (runtime.list().some((each) => each.name === name)) throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409, { Type: 'User' });
      refuseUnsupported(name, input);
      if (input['Runtime'] === undefined || input['Handler'] === undefined) throw invalid('Runtime and Handler are mandatory parameters for functions created with deployment packages.');
      if (!/^arn:aws[\w-]*:iam::\d{12}:role\/.+/.test(String(input['Role']))) throw new AwsError('ValidationException', `1 validation error detected: Value '${String(input['Role'])}' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+`);
      const tags = input['Tags'] as Record<string, string> | undefined;
      const definition: FunctionDefinition = {
        name, arn, accessKeyId: name, memoryMb: 128, timeoutSeconds: 3, environment: {}, logGroup: `/aws/lambda/${name}`, handler: '', runtime: '', role: '',
        ...propertiesIn(input), ...codeOf(await codeIn((input['Code'] ?? {}) as Input, ports)), ...(tags ? { tags } : {}),
      };
      checkDefinition(definition);
      runtime.deploy(definition);
      return new RestAnswer(201, configurationOf(runtime.find(name)));
    }],
    'GET /2015-03-31/functions': ['ListFunctions', (_parts, _input, { query }) => {
      const all = runtime.list().sort((a, b) => (a.name < b.name ? -1 : 1));
      const from = query.get('Marker') === null ? 0 : all.findIndex((each) => each.name > Buffer.from(query.get('Marker') ?? '', 'base64').toString());
      const page = from < 0 ? [] : all.slice(from, from + Math.min(50, Number(query.get('MaxItems') ?? 50)));
      const last = page.at(-1);
      return { Functions: page.map(configurationOf), ...(last && last !== all.at(-1) ? { NextMarker: Buffer.from(last.name).toString('base64') } : {}) };
    }],
    'GET /2015-03-31/functions/{name}': ['GetFunction', ({ name = '' }) => {
      const definition = runtime.find(name);
      const { tags, reservedConcurrency } = definition;
      return { Configuration: configurationOf(definition), Code: { RepositoryType: 'S3' }, ...(tags ? { Tags: tags } : {}), ...(reservedConcurrency === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }) };
    }],
    'GET /2015-03-31/functions/{name}/configuration': ['GetFunctionConfiguration', ({ name = '' }) => configurationOf(runtime.find(name))],
    'PUT /2015-03-31/functions/{name}/configuration': ['UpdateFunctionConfiguration', ({ name = '' }, input) => {
      const definition = atRevision(runtime.find(name), input);
      refuseUnsupported(definition.name, input);
      const { deadLetterArn, ...change } = propertiesIn(input);
      const dead = deadLetterArn === undefined ? {} : { deadLetterArn: deadLetterArn === '' ? undefined : deadLetterArn };
      checkDefinition({ ...definition, ...change, ...(deadLetterArn ? { deadLetterArn } : {}) });
      return configurationOf(runtime.update(definition.name, { ...change, ...dead }));
    }],
    'PUT /2015-03-31/functions/{name}/code': ['UpdateFunctionCode', async ({ name = '' }, input) => {
      const definition = atRevision(runtime.find(name), input);
      refuseUnsupported(definition.name, input);
      const code = codeOf(await codeIn(input, ports));
      if (input['DryRun'] === true) return configurationOf({ ...definition, ...code });
      return configurationOf(runtime.update(definition.name, code));
    }],
    'DELETE /2015-03-31/functions/{name}': ['DeleteFunction', ({ name = '' }) => {
      runtime.remove(runtime.find(name).name);
      return new RestAnswer(204);
    }],
    'GET /2015-03-31/functions/{name}/versions': ['ListVersionsByFunction', ({ name = '' }) => {
      const definition = runtime.find(name);
      return { Versions: [{ ...configurationOf(definition), FunctionArn: `${definition.arn}:$LATEST` }] };
    }],
    'GET /2015-03-31/functions/{name}/aliases': ['ListAliases', ({ name = '' }) => (runtime.find(name), { Aliases: [] })],
    'GET /2016-08-19/account-settings': ['GetAccountSettings', () => ({
      AccountLimit: { TotalCodeSize: 80_530_636_800, CodeSizeUnzipped: 262_144_000, CodeSizeZipped: 52_428_800, ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000 - runtime.list().reduce((sum, each) => sum + (each.reservedConcurrency ?? 0), 0) },
      AccountUsage: { TotalCodeSize: runtime.list().reduce((sum, each) => sum + each.codeSize, 0), FunctionCount: runtime.list().length },
    })],
  };
}
