import { randomUUID } from 'node:crypto';
import type { Journal } from '../journal.ts';
import { isLive, type ChangeSet, type ResourceRecord, type StackEvent, type StackRecord, type Status } from './records.ts';

/** Stacks on disk. What a process that was killed had begun is all in here: the next one ends it. */
export interface StackStore {
  stacks(): readonly StackRecord[];
  /** The stack of that name that is not deleted, or any by its id. */
  find(nameOrId: string): StackRecord | undefined;
  save(stack: StackRecord): void;
  drop(stack: StackRecord): void;
  /** In the order in which they were first made. */
  resources(stackId: string): readonly ResourceRecord[];
  resource(stackId: string, logicalId: string): ResourceRecord | undefined;
  saveResource(stackId: string, resource: ResourceRecord): void;
  dropResource(stackId: string, logicalId: string): void;
  /** The stack's status, with its event. */
  setStatus(stack: StackRecord, status: Status, reason?: string): void;
  addEvent(stack: StackRecord, resource: Pick<ResourceRecord, 'logicalId' | 'physicalId' | 'type'>, status: Status, reason?: string, properties?: string): void;
  /** Newest first, behind a place that an earlier page ended with. */
  events(stackId: string, before: number, limit: number): { readonly at: number; readonly event: StackEvent }[];
  changeSets(stackId: string): readonly ChangeSet[];
  saveChangeSet(changeSet: ChangeSet): void;
  dropChangeSet(changeSet: ChangeSet): void;
  committed(): Promise<void>;
}

interface Row { readonly content: string }

/** @param onEvent told of every event, for the topics that the stack names */
export function openStackStore(journal: Journal, now: () => number, onEvent: (stack: StackRecord, event: StackEvent) => void = () => undefined): StackStore {
  journal.define(`
    CREATE TABLE IF NOT EXISTS cfn_stack (id TEXT PRIMARY KEY, content TEXT) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS cfn_resource (number INTEGER PRIMARY KEY, stack TEXT, logical TEXT, content TEXT, UNIQUE (stack, logical));
    CREATE TABLE IF NOT EXISTS cfn_event (number INTEGER PRIMARY KEY, stack TEXT, content TEXT);
    CREATE INDEX IF NOT EXISTS cfn_event_of ON cfn_event (stack, number);
    CREATE TABLE IF NOT EXISTS cfn_change_set (id TEXT PRIMARY KEY, stack TEXT, content TEXT) WITHOUT ROWID;`);
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- each table holds its own kind
  const read = <T>(row: Row): T => JSON.parse(row.content) as T;
  const stacks = new Map(journal.all<Row>('SELECT content FROM cfn_stack').map((row) => read<StackRecord>(row)).sort((left, right) => left.createdAt - right.createdAt).map((stack) => [stack.id, stack]));
  const resources = new Map<string, Map<string, ResourceRecord>>();
  for (const row of journal.all<Row & { stack: string }>('SELECT stack, content FROM cfn_resource ORDER BY number')) {
    const record = read<ResourceRecord>(row);
    const own = resources.get(row.stack) ?? new Map<string, ResourceRecord>();
    resources.set(row.stack, own.set(record.logicalId, record));
  }
  const save = (stack: StackRecord): void => {
    stacks.set(stack.id, stack);
    journal.write('INSERT OR REPLACE INTO cfn_stack VALUES (?, ?)', stack.id, JSON.stringify(stack));
  };
  const addEvent: StackStore['addEvent'] = (stack, resource, status, reason, properties) => {
    const id = resource.logicalId === stack.name ? randomUUID() : `${resource.logicalId}-${randomUUID()}`;
    const event: StackEvent = { id, stackId: stack.id, stackName: stack.name, logicalId: resource.logicalId, physicalId: resource.physicalId, type: resource.type, at: now(), status, reason, properties, token: stack.token };
    journal.write('INSERT INTO cfn_event (stack, content) VALUES (?, ?)', stack.id, JSON.stringify(event));
    onEvent(stack, event);
  };
  return {
    stacks: () => [...stacks.values()],
    find: (nameOrId) => stacks.get(nameOrId) ?? [...stacks.values()].find((stack) => stack.name === nameOrId && isLive(stack)),
    save,
    drop(stack) {
      stacks.delete(stack.id);
      for (const table of ['cfn_stack WHERE id', 'cfn_resource WHERE stack', 'cfn_event WHERE stack', 'cfn_change_set WHERE stack']) journal.write(`DELETE FROM ${table} = ?`, stack.id);
    },
    resources: (stackId) => [...(resources.get(stackId)?.values() ?? [])],
    resource: (stackId, logicalId) => resources.get(stackId)?.get(logicalId),
    saveResource(stackId, resource) {
      const own = resources.get(stackId) ?? new Map<string, ResourceRecord>();
      resources.set(stackId, own.set(resource.logicalId, resource));
      journal.write('INSERT INTO cfn_resource (stack, logical, content) VALUES (?, ?, ?) ON CONFLICT (stack, logical) DO UPDATE SET content = excluded.content', stackId, resource.logicalId, JSON.stringify(resource));
    },
    dropResource(stackId, logicalId) {
      resources.get(stackId)?.delete(logicalId);
      journal.write('DELETE FROM cfn_resource WHERE stack = ? AND logical = ?', stackId, logicalId);
    },
    setStatus(stack, status, reason) {
      stack.status = status;
      stack.reason = reason;
      save(stack);
      addEvent(stack, { logicalId: stack.name, physicalId: stack.id, type: 'AWS::CloudFormation::Stack' }, status, reason);
    },
    addEvent,
    events: (stackId, before, limit) =>
      journal.all<Row & { number: number }>('SELECT number, content FROM cfn_event WHERE stack = ? AND number < ? ORDER BY number DESC LIMIT ?', stackId, before, limit).map((row) => ({ at: row.number, event: read<StackEvent>(row) })),
    changeSets: (stackId) => journal.all<Row>('SELECT content FROM cfn_change_set WHERE stack = ?', stackId).map((row) => read<ChangeSet>(row)),
    saveChangeSet: (changeSet) => void journal.write('INSERT OR REPLACE INTO cfn_change_set VALUES (?, ?, ?)', changeSet.id, changeSet.stackId, JSON.stringify(changeSet)),
    dropChangeSet: (changeSet) => void journal.write('DELETE FROM cfn_change_set WHERE id = ?', changeSet.id),
    committed: () => journal.committed(),
  };
}
