import { randomUUID } from 'node:crypto';
import { AwsError } from '../service.ts';
import { INERT_TYPES } from './inert-types.ts';
import { endInterrupted, restoreResources } from './interrupted.ts';
import { hasMoved } from './make-resource.ts';
import { create, removeStack, rollBackUpdate, update } from './operations.ts';
import { parseTemplate } from './parse-template.ts';
import { isBusy, isGone, isLive, type StackInput, type StackRecord } from './records.ts';
import type { ResourceInput } from './kind.ts';
import type { Run, Workshop } from './run.ts';
import { importersOf, resolverFor } from './scope.ts';
import { readStackPolicy } from './stack-policy.ts';
import { prepare, sameInput, type Prepared, type StackRequest } from './stack-request.ts';
import type { Template } from './template.ts';

/** The stacks: every operation answers once it is begun, and goes on by itself; `settled` tells its end. */
export interface Stacks extends Workshop {
  /** @param words how the operation says that there is none: `Stack with id …` or `Stack […]` */
  find(nameOrId: string, words?: (name: string) => string): StackRecord;
  create(request: StackRequest): Promise<StackRecord>;
  /** A stack of which nothing is there yet, for a change set of type CREATE. */
  review(name: string, input: StackInput): StackRecord;
  runCreate(stack: StackRecord, prepared: Prepared, timeoutMinutes?: number): void;
  update(request: StackRequest): Promise<StackRecord>;
  runUpdate(stack: StackRecord, prepared: Prepared, token?: string): void;
  /** @throws AwsError ValidationError */
  assertUpdatable(stack: StackRecord): void;
  remove(nameOrId: string, retained?: readonly string[], token?: string): void;
  cancelUpdate(nameOrId: string): void;
  continueRollback(nameOrId: string): Promise<void>;
  /** Resolves when nothing runs on the stack. */
  settled(stackId: string): Promise<void>;
  templateOf(stack: StackRecord): Promise<Template>;
  /** Brings back what only an earlier process's memory held, then ends what it had begun. */
  resume(): Promise<void>;
}

const refuse = (message: string): never => {
  throw new AwsError('ValidationError', message);
};
/** As some operations word it. */
export const BRACKETED = (name: string): string => `Stack [${name}] does not exist`;
const UPDATABLE = /^(CREATE_COMPLETE|UPDATE_COMPLETE|UPDATE_ROLLBACK_COMPLETE)$/;

/** @param artifact the zip of a function's code, from S3 or the folder of a package */
export function createStacks(workshop: Workshop, artifact: (packageDir: string | undefined) => ResourceInput['artifact']): Stacks {
  const { store, cloud } = workshop;
  const now = (): number => workshop.now();
  const say = (line: string): void => workshop.say(line);
  const running = new Map<string, { cancel: () => void; done: Promise<void> }>();
  const start = (stack: StackRecord, cancelling: AbortController, work: () => Promise<void>): Promise<void> => {
    const done = work().catch((error: unknown) => say(`stack ${stack.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)).finally(() => running.delete(stack.id));
    running.set(stack.id, { cancel: () => cancelling.abort(), done });
    return done;
  };
  const runOf = (stack: StackRecord, template: Template, parameters: Prepared['parameters'], imports: Set<string>, { signal }: AbortController): Run => ({
    ...workshop, stack, template, resolver: resolverFor(stack, template, parameters, store, cloud, imports), adopt: stack.packageDir !== undefined, artifact: artifact(stack.packageDir), cancelled: signal,
  });
  const tellInert = (stack: StackRecord, template: Template): void => {
    const types = [...new Set(Object.values(template.Resources).map((resource) => resource.Type))].filter((type) => type in INERT_TYPES).sort();
    if (stack.input.roleArn !== undefined) say(`stack ${stack.name}: ${stack.input.roleArn} is not assumed: the local cloud deploys as its administrator`);
    if (types.length > 0 && stack.packageDir === undefined) say(`stack ${stack.name}: does nothing here: ${types.join(', ')}`);
  };
  const templateOf = (stack: StackRecord): Promise<Template> => parseTemplate(stack.input.templateBody, false);
  const find: Stacks['find'] = (nameOrId, words = (name) => `Stack with id ${name} does not exist`) => store.find(nameOrId) ?? refuse(words(nameOrId));
  const mayUpdate = (stack: StackRecord): void => {
    if (!UPDATABLE.test(stack.status)) refuse(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
  };
  const begin = (name: string, input: StackInput, more: Partial<StackRecord> = {}): StackRecord => ({
    id: `arn:aws:cloudformation:${cloud.region}:${cloud.accountId}:stack/${name}/${randomUUID()}`, name, status: 'REVIEW_IN_PROGRESS', createdAt: now(), input, outputs: [], imports: [], onFailure: 'ROLLBACK', terminationProtection: false, ...more,
  });
  const runCreate: Stacks['runCreate'] = (stack, prepared, timeoutMinutes) => {
    stack.input = prepared.input;
    store.setStatus(stack, 'CREATE_IN_PROGRESS', 'User Initiated');
    tellInert(stack, prepared.template);
    const imports = new Set<string>();
    const cancelling = new AbortController();
    const run = runOf(stack, prepared.template, prepared.parameters, imports, cancelling);
    const timer = timeoutMinutes === undefined ? undefined : setTimeout(() => cancelling.abort(), timeoutMinutes * 60_000).unref();
    void start(stack, cancelling, () => create(run, prepared.faults, imports)).finally(() => clearTimeout(timer));
  };
  const runUpdate: Stacks['runUpdate'] = (stack, prepared, token) => {
    stack.previous = { input: stack.input, outputs: stack.outputs, imports: stack.imports };
    stack.input = prepared.input;
    stack.updatedAt = now();
    stack.token = token;
    store.setStatus(stack, 'UPDATE_IN_PROGRESS', 'User Initiated');
    tellInert(stack, prepared.template);
    const imports = new Set<string>();
    const cancelling = new AbortController();
    const run = runOf(stack, prepared.template, prepared.parameters, imports, cancelling);
    void start(stack, cancelling, () => update(run, prepared.faults, imports));
  };
  return {
    ...workshop, find, runCreate, runUpdate, templateOf, assertUpdatable: mayUpdate,
    review(name, input) {
      const stack = begin(name, input);
      store.setStatus(stack, 'REVIEW_IN_PROGRESS', 'User Initiated');
      return stack;
    },
    async create(request) {
      const old = store.find(request.name);
      if (old) throw new AwsError('AlreadyExistsException', `Stack [${request.name}] already exists`);
      const prepared = await prepare(workshop, request);
      if (store.find(request.name)) throw new AwsError('AlreadyExistsException', `Stack [${request.name}] already exists`);
      const stack = begin(request.name, prepared.input, {
        onFailure: request.onFailure ?? 'ROLLBACK', terminationProtection: request.terminationProtection ?? false, token: request.token, packageDir: request.packageDir, ...(request.policy === undefined ? {} : { policy: request.policy }),
      });
      if (request.policy !== undefined) readStackPolicy(request.policy);
      runCreate(stack, prepared, request.timeoutMinutes);
      return stack;
    },
    async update(request) {
      const stack = find(request.name, BRACKETED);
      mayUpdate(stack);
      const prepared = await prepare(workshop, { ...request, name: stack.name }, stack.input);
      if (sameInput({ input: stack.input, template: await templateOf(stack) }, prepared)) refuse('No updates are to be performed.');
      mayUpdate(stack);
      stack.packageDir = request.packageDir;
      if (request.policy !== undefined) stack.policy = request.policy;
      runUpdate(stack, prepared, request.token);
      return stack;
    },
    remove(nameOrId, retained = [], token) {
      const stack = store.find(nameOrId);
      if (!stack || !isLive(stack)) return;
      if (stack.terminationProtection) refuse(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
      if (stack.status === 'DELETE_IN_PROGRESS') return;
      const current = running.get(stack.id);
      if (isBusy(stack) && stack.status !== 'CREATE_IN_PROGRESS') refuse(`Stack [${stack.id}] cannot be deleted while in status ${stack.status}`);
      if (retained.length > 0 && stack.status !== 'DELETE_FAILED') refuse(`Invalid operation on stack [${stack.id}]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state.`);
      stack.token = token;
      if (current) {
        stack.onFailure = 'DELETE';
        current.cancel();
        return;
      }
      const used = stack.outputs.flatMap(({ exportName }) => (exportName === undefined ? [] : [{ exportName, users: importersOf(store, exportName).filter((name) => name !== stack.name) }])).find(({ users }) => users.length > 0);
      const before = stack.status;
      store.setStatus(stack, 'DELETE_IN_PROGRESS', 'User Initiated');
      if (used) {
        const reason = `Export ${used.exportName} cannot be deleted as it is in use by ${used.users.join(', ')}`;
        store.setStatus(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
        store.setStatus(stack, before, reason); return;
      }
      void start(stack, new AbortController(), () => removeStack({ ...workshop, stack }, retained));
    },
    cancelUpdate(nameOrId) {
      const stack = find(nameOrId, BRACKETED);
      const current = running.get(stack.id);
      if (stack.status !== 'UPDATE_IN_PROGRESS' || !current) return refuse(`CancelUpdateStack cannot be called from current stack status ${stack.status}`);
      current.cancel();
    },
    async continueRollback(nameOrId) {
      const stack = find(nameOrId);
      if (stack.status !== 'UPDATE_ROLLBACK_FAILED') refuse(`Stack:${stack.id} is in ${stack.status} state and can not continue rollback.`);
      const cancelling = new AbortController();
      const run = runOf(stack, await templateOf(stack), {}, new Set(), cancelling);
      void start(stack, cancelling, () => rollBackUpdate(run, 'User Initiated'));
    },
    settled: (stackId) => running.get(stackId)?.done ?? Promise.resolve(),
    async resume() {
      const live = store.stacks().filter((stack) => isLive(stack));
      for (const stack of live) await restoreResources(workshop, stack);
      for (const stack of live.filter(isBusy)) {
        say(`stack ${stack.name} was left in ${stack.status}`);
        const cancelling = new AbortController();
        const template = await templateOf(stack);
        await start(stack, cancelling, () => endInterrupted(workshop, stack, template, (parameters, imports) => runOf(stack, template, parameters, imports, cancelling)));
      }
      // values and outputs follow when a port of this machine is another one now
      for (const stack of live.filter(({ status }) => UPDATABLE.test(status))) {
        if (!store.resources(stack.id).some((record) => !isGone(record) && hasMoved(stack, record, cloud))) continue;
        runUpdate(stack, { input: stack.input, template: await templateOf(stack), parameters: stack.input.resolved, faults: new Map() });
        await running.get(stack.id)?.done;
      }
    },
  };
}

