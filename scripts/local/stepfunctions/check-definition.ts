import { checkState, type Finding } from './check-state.ts';

/** One reason why a definition is not taken. https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html */
export interface Problem { readonly code: string; readonly message: string; readonly location?: string }

type Node = Readonly<Record<string, unknown>>;

const MOST_BYTES = 1024 * 1024;
const FLOW_FIELDS = ['StartAt', 'States', 'Comment', 'QueryLanguage', 'ProcessorConfig'];
const TOP_FIELDS = [...FLOW_FIELDS, 'TimeoutSeconds', 'Version'];

const isObject = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** States that a state can hand over to. */
function targetsOf(state: Node): unknown[] {
  const nexts = (name: string): unknown[] => (Array.isArray(state[name]) ? (state[name] as unknown[]).map((each) => (isObject(each) ? each['Next'] : undefined)) : []);
  return [state['Next'], state['Default'], ...nexts('Choices'), ...nexts('Catch')].filter((target) => target !== undefined);
}

/** @param names names met so far: they are unique in the whole machine */
function checkFlow(flow: Node, at: string, type: string, names: Set<string>, add: (code: string, message: string, location: string) => void): void {
  const states = flow['States'];
  for (const field of Object.keys(flow)) if (!(at === '' ? TOP_FIELDS : FLOW_FIELDS).includes(field)) add('SCHEMA_VALIDATION_FAILED', `Field '${field}' is not supported`, `${at}/${field}`);
  if (flow['QueryLanguage'] !== undefined && flow['QueryLanguage'] !== 'JSONPath') add('UNSUPPORTED_BY_LOCAL_CLOUD', 'JSONata is not run by the local cloud; write the definition with JSONPath', `${at}/QueryLanguage`);
  if (!isObject(states) || Object.keys(states).length === 0) return add('SCHEMA_VALIDATION_FAILED', 'States must hold at least one state', `${at}/States`);
  if (typeof flow['StartAt'] !== 'string') return add('SCHEMA_VALIDATION_FAILED', "The field 'StartAt' is required", `${at}/StartAt`);
  if (!Object.hasOwn(states, flow['StartAt'])) add('MISSING_TRANSITION_TARGET', `Missing 'Next' target: ${flow['StartAt']}`, `${at}/StartAt`);
  const reached = new Set([flow['StartAt']]);
  for (const name of reached) {
    const state = states[name];
    if (isObject(state)) for (const target of targetsOf(state)) if (typeof target === 'string' && Object.hasOwn(states, target)) reached.add(target);
  }
  for (const [name, state] of Object.entries(states)) {
    const here = `${at}/States/${name}`;
    if (name.length > 80) add('SCHEMA_VALIDATION_FAILED', 'A state name has at most 80 characters', here);
    if (names.has(name)) add('DUPLICATE_STATE_NAME', `Duplicate State name: ${name}`, here);
    names.add(name);
    if (!isObject(state)) {
      add('SCHEMA_VALIDATION_FAILED', 'A state must be an object', here);
      continue;
    }
    if (!reached.has(name)) add('MISSING_TRANSITION_TARGET', `State "${name}" is not reachable.`, here);
    for (const target of targetsOf(state)) if (typeof target !== 'string' || !Object.hasOwn(states, target)) add('MISSING_TRANSITION_TARGET', `Missing 'Next' target: ${String(target)}`, here);
    const finding: Finding = (code, message, field) => add(code, message, field === undefined ? here : `${here}/${field}`);
    checkState(state, type, finding);
    for (const [field, inner] of Object.entries({ Iterator: state['Iterator'], ItemProcessor: state['ItemProcessor'] })) if (isObject(inner)) checkFlow(inner, `${here}/${field}`, type, names, add);
    if (Array.isArray(state['Branches'])) for (const [index, branch] of state['Branches'].entries()) if (isObject(branch)) checkFlow(branch, `${here}/Branches[${index}]`, type, names, add);
  }
}

/** Everything that is wrong with a definition, the empty list if it can run here. https://states-language.net/spec.html */
export function checkDefinition(text: string, type: 'STANDARD' | 'EXPRESS'): Problem[] {
  if (Buffer.byteLength(text) > MOST_BYTES) return [{ code: 'SCHEMA_VALIDATION_FAILED', message: 'The definition is larger than 1048576 bytes' }];
  let definition: unknown;
  try {
    definition = JSON.parse(text);
  } catch (error) {
    return [{ code: 'INVALID_JSON_DESCRIPTION', message: (error as Error).message }];
  }
  if (!isObject(definition)) return [{ code: 'SCHEMA_VALIDATION_FAILED', message: 'The definition must be an object' }];
  const problems: Problem[] = [];
  const add = (code: string, message: string, location: string): void => void problems.push({ code, message, location });
  const limit = definition['TimeoutSeconds'];
  if (limit !== undefined && !(Number.isInteger(limit) && Number(limit) > 0 && Number(limit) <= 99_999_999)) add('SCHEMA_VALIDATION_FAILED', 'TimeoutSeconds must be a whole number above 0', '/TimeoutSeconds');
  if (definition['Version'] !== undefined && definition['Version'] !== '1.0') add('SCHEMA_VALIDATION_FAILED', 'Version must be 1.0', '/Version');
  checkFlow(definition, '', type, new Set(), add);
  return problems;
}
