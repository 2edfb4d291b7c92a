import { randomUUID } from 'node:crypto';
import type { Collection } from './documents.ts';
import { text } from './fields.ts';
import { openCheckpoints } from './mappings/checkpoints.ts';
import { startKinesisMapping, type KinesisMappingOptions } from './mappings/kinesis-mapping.ts';
import { manage, type ManagedMapping, type MappingRow } from './mappings/managed.ts';
import { isStream, nameOfArn, type MappingDefinition } from './mappings/mapping.ts';
import type { MappingActivity, RunningMapping } from './mappings/running.ts';
import { mappingFrom } from './mappings/settings.ts';
import { startSqsMapping, type SqsMappingOptions } from './mappings/sqs-mapping.ts';
import { AwsError } from './service.ts';

export interface MappingsOptions extends Omit<KinesisMappingOptions & SqsMappingOptions, 'report'> {
  readonly rows: Collection<MappingRow>;
  /** Name and ARN of a function. @throws ResourceNotFoundException */
  functionOf(nameOrArn: string): { readonly name: string; readonly arn: string };
  /** Whether the source is there and the function's role may read it. @throws InvalidParameterValueException otherwise */
  check(definition: MappingDefinition): Promise<void> | void;
}

/** All event-source mappings. They are kept on disk, those of streams with their checkpoints. */
export interface Mappings {
  /** @throws ResourceNotFoundException */
  get(uuid: string): ManagedMapping;
  all(): readonly ManagedMapping[];
  /** By a call of the Lambda API: answers while the mapping is still `Creating`. */
  create(settings: Readonly<Record<string, unknown>>): Promise<ManagedMapping>;
  update(uuid: string, settings: Readonly<Record<string, unknown>>): Promise<ManagedMapping>;
  delete(uuid: string): ManagedMapping;
  /** From a template: makes the mapping, or gives it the template's settings if these have changed; what the API changed since stays. Resolves once it runs. */
  deploy(definition: MappingDefinition): Promise<void>;
  remove(uuid: string): Promise<void>;
  /** Goes on with those that an earlier process left. */
  resume(): void;
  /** Ends all open batch windows now: a finite run need not wait for them. */
  flush(): void;
  activity(): Record<string, MappingActivity & { readonly source: string }>;
  close(): Promise<void>;
}

const STEADY = new Set(['Enabled', 'Disabled']);

export function createMappings(options: MappingsOptions): Mappings {
  const { rows, journal } = options;
  const mappings = new Map<string, ManagedMapping>();
  const report: KinesisMappingOptions['report'] = ({ uuid }, result) => mappings.get(uuid)?.report(result);
  const start = (definition: MappingDefinition): RunningMapping =>
    isStream(definition.sourceArn) ? startKinesisMapping(definition, { ...options, report }) : startSqsMapping(definition, { ...options, report });
  const definitionOf = ({ uuid, functionName, functionArn, settings }: MappingRow): MappingDefinition => mappingFrom(uuid, functionName, functionArn, settings);
  const added = (row: MappingRow): ManagedMapping => {
    const mapping = manage(row, { rows, definitionOf, start });
    mappings.set(row.uuid, mapping);
    return mapping;
  };
  const get = (uuid: string): ManagedMapping => {
    const mapping = mappings.get(uuid);
    if (!mapping) throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404, { Type: 'User' });
    return mapping;
  };
  const steady = (mapping: ManagedMapping, what: string): void => {
    if (!STEADY.has(mapping.state)) throw new AwsError('ResourceInUseException', `Cannot ${what} the event source mapping ${mapping.row.uuid} because it is in use: its state is ${mapping.state}.`, 400, { Type: 'User' });
  };
  const loudly = (row: MappingRow) => (error: unknown): void => {
    process.stderr.write(`local cloud: mapping ${row.uuid} of ${row.functionName} does not run: ${error instanceof Error ? error.message : String(error)}\n`);
  };
  const checked = async (row: MappingRow): Promise<MappingDefinition> => {
    const definition = definitionOf(row);
    const twin = [...mappings.values()].find(({ row: other }) => other.uuid !== row.uuid && other.functionName === row.functionName && other.settings['EventSourceArn'] === definition.sourceArn);
    if (twin) throw new AwsError('ResourceConflictException', `The event source arn (" ${definition.sourceArn} ") and function (" ${row.functionName} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${twin.row.uuid}`, 409, { Type: 'User' });
    await options.check(definition);
    return definition;
  };
  const forget = (uuid: string): void => {
    mappings.delete(uuid);
    openCheckpoints(journal, uuid).forget();
  };
  const remove = async (uuid: string): Promise<void> => {
    await mappings.get(uuid)?.end();
    forget(uuid);
  };

  return {
    get,
    all: () => [...mappings.values()],
    async create(settings) {
      const { name, arn } = options.functionOf(text(settings, 'FunctionName'));
      const row: MappingRow = { uuid: randomUUID(), functionName: name, functionArn: arn, settings, modifiedAt: options.clock.now() };
      await checked(row);
      const mapping = added(row);
      void mapping.become(row, 'Creating').catch(loudly(row));
      return mapping;
    },
    async update(uuid, changes) {
      const mapping = get(uuid);
      steady(mapping, 'update');
      const settings = { ...mapping.row.settings, ...changes };
      const { name, arn } = changes['FunctionName'] === undefined ? { name: mapping.row.functionName, arn: mapping.row.functionArn } : options.functionOf(text(changes, 'FunctionName'));
      const row: MappingRow = { ...mapping.row, functionName: name, functionArn: arn, settings, modifiedAt: options.clock.now() };
      const { enabled } = await checked(row);
      steady(mapping, 'update');
      const isEnabled = mapping.state === 'Enabled';
      void mapping.become(row, enabled === isEnabled ? 'Updating' : enabled ? 'Enabling' : 'Disabling').catch(loudly(row));
      return mapping;
    },
    delete(uuid) {
      const mapping = get(uuid);
      steady(mapping, 'delete');
      void mapping.end().then(() => forget(uuid));
      return mapping;
    },
    async deploy(definition) {
      const { uuid, functionName, functionArn, settings } = definition;
      const template = JSON.stringify(settings);
      const running = mappings.get(uuid);
      const kept = running?.row ?? rows.get(uuid);
      if (kept?.template === template) {
        if (!running) await added(kept).become(kept, 'Creating');
        return;
      }
      const row: MappingRow = { uuid, functionName, functionArn, settings, template, modifiedAt: options.clock.now() };
      await checked(row);
      await (running ?? added(row)).become(row, running ? 'Updating' : 'Creating');
    },
    remove,
    resume() {
      for (const { content: row } of rows.all()) {
        if (!mappings.has(row.uuid)) void added(row).become(row, 'Creating').catch(loudly(row));
      }
    },
    flush: () => mappings.forEach((mapping) => mapping.running?.flush()),
    activity: () =>
      Object.fromEntries([...mappings.values()].flatMap(({ running }) => (running === undefined ? [] : [[
        `${running.definition.functionName}←${nameOfArn(running.definition.sourceArn)}`,
        { ...running.activity(), source: running.definition.sourceArn },
      ]]))),
    async close() {
      await Promise.all([...mappings.values()].map((mapping) => mapping.halt()));
    },
  };
}
