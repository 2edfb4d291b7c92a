import { choiceProblem } from './choice.ts';
import { readIntrinsic } from './intrinsics.ts';
import { isReferencePath, readPath } from './paths.ts';
import { isMoment } from './moment.ts';
import { resourceProblem } from './resource.ts';

type Node = Readonly<Record<string, unknown>>;
export type Finding = (code: string, message: string, field?: string) => void;

const ANY = ['Type', 'Comment', 'QueryLanguage'];
const FLOW = ['Next', 'End'];
const PATHS = ['InputPath', 'OutputPath'];
const RESULT = ['ResultPath', 'ResultSelector'];
const GUARD = ['Retry', 'Catch'];

/** Fields of each type, JSONPath. https://states-language.net/spec.html#state-type-table */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Task: [...ANY, ...FLOW, ...PATHS, ...RESULT, ...GUARD, 'Parameters', 'Resource', 'TimeoutSeconds', 'TimeoutSecondsPath', 'HeartbeatSeconds', 'HeartbeatSecondsPath', 'Credentials'],
  Pass: [...ANY, ...FLOW, ...PATHS, 'ResultPath', 'Parameters', 'Result'],
  Choice: [...ANY, ...PATHS, 'Choices', 'Default'],
  Wait: [...ANY, ...FLOW, ...PATHS, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Succeed: [...ANY, ...PATHS],
  Fail: [...ANY, 'Error', 'ErrorPath', 'Cause', 'CausePath'],
  Parallel: [...ANY, ...FLOW, ...PATHS, ...RESULT, ...GUARD, 'Parameters', 'Branches'],
  Map: [...ANY, ...FLOW, ...PATHS, ...RESULT, ...GUARD, 'Parameters', 'Iterator', 'ItemProcessor', 'ItemsPath', 'ItemSelector', 'MaxConcurrency', 'MaxConcurrencyPath'],
};
const DISTRIBUTED = ['ItemReader', 'ResultWriter', 'ItemBatcher', 'Label', 'ToleratedFailureCount', 'ToleratedFailureCountPath', 'ToleratedFailurePercentage', 'ToleratedFailurePercentagePath'];
const JSONATA = ['Arguments', 'Output', 'Items', 'Condition'];
const WAITS = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'];
/** At most one of each pair. */
const EITHER = [['TimeoutSeconds', 'TimeoutSecondsPath'], ['HeartbeatSeconds', 'HeartbeatSecondsPath'], ['Error', 'ErrorPath'], ['Cause', 'CausePath'], ['MaxConcurrency', 'MaxConcurrencyPath'], ['ItemSelector', 'Parameters'], ['Iterator', 'ItemProcessor']] as const;

const isObject = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const whole = (value: unknown, least: number, most: number): boolean => Number.isInteger(value) && Number(value) >= least && Number(value) <= most;

function pathProblem(value: unknown, reference = false): string | undefined {
  if (value === null) return undefined;
  if (typeof value !== 'string') return 'is not a path';
  try {
    if (value.startsWith('States.')) readIntrinsic(value);
    else readPath(value);
    return reference && !isReferencePath(value) ? 'must be a Reference Path' : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function checkTemplate(value: unknown, field: string, find: Finding): void {
  if (Array.isArray(value)) return value.forEach((each) => checkTemplate(each, field, find));
  if (!isObject(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    if (!name.endsWith('.$')) checkTemplate(inner, field, find);
    else {
      const problem = inner === null ? 'is null' : pathProblem(inner);
      if (problem !== undefined) find('SCHEMA_VALIDATION_FAILED', `The value for the field '${name}' must be a valid JSONPath or a valid intrinsic function call: ${problem}`, `${field}/${name}`);
    }
  }
}

function checkGuards(state: Node, find: Finding): void {
  for (const field of GUARD) {
    if (state[field] === undefined) continue;
    const list = Array.isArray(state[field]) ? (state[field] as unknown[]) : [undefined];
    for (const [at, guard] of list.entries()) {
      const bad = (message: string): void => find('SCHEMA_VALIDATION_FAILED', message, `${field}[${at}]`);
      const names = isObject(guard) ? guard['ErrorEquals'] : undefined;
      if (!isObject(guard) || !Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string')) {
        bad('ErrorEquals must be a list of error names');
        continue;
      }
      if (names.includes('States.ALL') && (names.length > 1 || at < list.length - 1)) bad('States.ALL must appear alone and in the last entry');
      if (field === 'Catch') {
        if (typeof guard['Next'] !== 'string') bad("The field 'Next' is required");
        const problem = guard['ResultPath'] === undefined ? undefined : pathProblem(guard['ResultPath'], true);
        if (problem !== undefined) bad(`ResultPath ${problem}`);
        continue;
      }
      const { IntervalSeconds: interval, MaxAttempts: attempts, BackoffRate: rate, MaxDelaySeconds: delay, JitterStrategy: jitter } = guard;
      if (interval !== undefined && !whole(interval, 1, 99_999_999)) bad('IntervalSeconds must be a whole number above 0');
      if (attempts !== undefined && !whole(attempts, 0, 99_999_999)) bad('MaxAttempts must be a whole number from 0 to 99999999');
      if (rate !== undefined && !(typeof rate === 'number' && rate >= 1)) bad('BackoffRate must be a number from 1 on');
      if (delay !== undefined && !(whole(delay, 1, 31_622_400) && Number(delay) > Number(interval ?? 1))) bad('MaxDelaySeconds must be a whole number above IntervalSeconds, at most 31622400');
      if (jitter !== undefined && jitter !== 'FULL' && jitter !== 'NONE') bad('JitterStrategy must be FULL or NONE');
    }
  }
}

function checkFields(type: string, state: Node, find: Finding): void {
  const known = FIELDS[type] ?? [];
  const { QueryLanguage: language } = state;
  if (language !== undefined && language !== 'JSONPath') find('UNSUPPORTED_BY_LOCAL_CLOUD', 'JSONata is not run by the local cloud; write the state with JSONPath', 'QueryLanguage');
  for (const field of Object.keys(state)) {
    if (known.includes(field)) continue;
    if (type === 'Map' && DISTRIBUTED.includes(field)) find('UNSUPPORTED_BY_LOCAL_CLOUD', `${field} belongs to a distributed Map, which is not run by the local cloud; use an inline Map`, field);
    else if (JSONATA.includes(field)) find('UNSUPPORTED_BY_LOCAL_CLOUD', `${field} belongs to JSONata, which is not run by the local cloud; write the state with JSONPath`, field);
    else if (field === 'Assign') find('UNSUPPORTED_BY_LOCAL_CLOUD', 'variables (Assign) are not run by the local cloud; pass values in the state input', field);
    else find('SCHEMA_VALIDATION_FAILED', `Field '${field}' is not supported by a state of type ${type}`, field);
  }
  for (const [one, other] of EITHER) if (state[one] !== undefined && state[other] !== undefined) find('SCHEMA_VALIDATION_FAILED', `Only one of ${one} and ${other} is allowed`, other);
  for (const field of ['InputPath', 'OutputPath', 'ResultPath', 'ItemsPath', 'TimeoutSecondsPath', 'HeartbeatSecondsPath', 'SecondsPath', 'TimestampPath', 'ErrorPath', 'CausePath', 'MaxConcurrencyPath']) {
    const problem = state[field] === undefined ? undefined : pathProblem(state[field], field === 'ResultPath');
    if (problem !== undefined) find('SCHEMA_VALIDATION_FAILED', `${field} ${problem}`, field);
  }
  for (const field of ['Parameters', 'ResultSelector', 'ItemSelector']) checkTemplate(state[field], field, find);
  for (const field of ['TimeoutSeconds', 'HeartbeatSeconds']) if (state[field] !== undefined && !whole(state[field], 1, 99_999_999)) find('SCHEMA_VALIDATION_FAILED', `${field} must be a whole number above 0`, field);
}

/** Tells what is wrong with one state, its inner flows left out. */
export function checkState(state: Node, machineType: string, find: Finding): void {
  const type = String(state['Type']);
  if (!Object.hasOwn(FIELDS, type)) return find('SCHEMA_VALIDATION_FAILED', `Type must be one of ${Object.keys(FIELDS).join(', ')}, not ${type}`, 'Type');
  checkFields(type, state, find);
  checkGuards(state, find);
  if (FIELDS[type]?.includes('Next') && (state['Next'] === undefined) === (state['End'] !== true)) find('SCHEMA_VALIDATION_FAILED', 'A state must have either Next or "End": true');
  if (type === 'Task') {
    const problem = resourceProblem(state['Resource'], machineType);
    if (problem) find(problem.code, problem.message, 'Resource');
    if (whole(state['HeartbeatSeconds'], 1, Infinity) && whole(state['TimeoutSeconds'], 1, Infinity) && Number(state['HeartbeatSeconds']) >= Number(state['TimeoutSeconds'])) find('SCHEMA_VALIDATION_FAILED', 'HeartbeatSeconds must be smaller than TimeoutSeconds', 'HeartbeatSeconds');
    const parameters = state['Parameters'];
    if (isObject(parameters) && parameters['InvocationType'] !== undefined && parameters['InvocationType'] !== 'RequestResponse') find('UNSUPPORTED_BY_LOCAL_CLOUD', 'machines of the local cloud invoke functions with the type RequestResponse only', 'Parameters/InvocationType');
    if (state['Credentials'] !== undefined) find('UNSUPPORTED_BY_LOCAL_CLOUD', 'Credentials of another account are not known to the local cloud', 'Credentials');
  } else if (type === 'Choice') {
    const choices = state['Choices'];
    if (!Array.isArray(choices) || choices.length === 0) return find('SCHEMA_VALIDATION_FAILED', 'Choices must hold at least one rule', 'Choices');
    for (const [at, rule] of choices.entries()) {
      const problem = choiceProblem(rule, true);
      if (problem !== undefined) find('SCHEMA_VALIDATION_FAILED', problem, `Choices[${at}]`);
    }
  } else if (type === 'Wait') {
    if (WAITS.filter((field) => state[field] !== undefined).length !== 1) find('SCHEMA_VALIDATION_FAILED', `A Wait state must have exactly one of ${WAITS.join(', ')}`);
    if (state['Seconds'] !== undefined && !whole(state['Seconds'], 0, 99_999_999)) find('SCHEMA_VALIDATION_FAILED', 'Seconds must be a whole number from 0 to 99999999', 'Seconds');
    if (state['Timestamp'] !== undefined && !isMoment(state['Timestamp'])) find('SCHEMA_VALIDATION_FAILED', 'Timestamp must be an RFC 3339 moment', 'Timestamp');
  } else if (type === 'Parallel') {
    if (!Array.isArray(state['Branches']) || state['Branches'].length === 0 || !state['Branches'].every(isObject)) find('SCHEMA_VALIDATION_FAILED', 'Branches must hold at least one branch', 'Branches');
  } else if (type === 'Map') {
    const inner = state['ItemProcessor'] ?? state['Iterator'];
    if (!isObject(inner)) return find('SCHEMA_VALIDATION_FAILED', "The field 'ItemProcessor' is required", 'ItemProcessor');
    const mode = isObject(inner['ProcessorConfig']) ? inner['ProcessorConfig']['Mode'] : undefined;
    if (mode !== undefined && mode !== 'INLINE') find('UNSUPPORTED_BY_LOCAL_CLOUD', 'a distributed Map is not run by the local cloud; use an inline Map', 'ItemProcessor/ProcessorConfig');
    if (state['MaxConcurrency'] !== undefined && !whole(state['MaxConcurrency'], 0, 40_000_000)) find('SCHEMA_VALIDATION_FAILED', 'MaxConcurrency must be a whole number from 0 on', 'MaxConcurrency');
  }
}
