type Json = Record<string, unknown>;
interface Rule { readonly Variable?: string; readonly Next?: string; readonly [test: string]: unknown }
interface State { readonly Type: string; readonly Next?: string; readonly End?: boolean; readonly Choices?: readonly Rule[]; readonly Default?: string; readonly Resource?: unknown }
export interface Machine { readonly StartAt: string; readonly States: Readonly<Record<string, State>> }

/** Function that a Task names by its logical id: `CheckDashpaymentLambdaFunction` → `check-payment`. */
const functionOf = ({ Resource }: State): string => {
  const [logicalId = ''] = (Resource as { 'Fn::GetAtt': string[] })['Fn::GetAtt'];
  const name = logicalId.replace(/LambdaFunction$/, '').replaceAll('Dash', '-');
  return name.charAt(0).toLowerCase() + name.slice(1);
};

function holds(rule: Rule, input: Json): boolean {
  const all = rule['And'] as Rule[] | undefined;
  if (all) return all.every((one) => holds(one, input));
  const any = rule['Or'] as Rule[] | undefined;
  if (any) return any.some((one) => holds(one, input));
  const value = input[(rule.Variable ?? '').replace('$.', '')];
  if ('IsPresent' in rule) return (value !== undefined) === rule['IsPresent'];
  if (value === undefined) throw new Error(`States.Runtime: ${rule.Variable ?? ''} is not there`);
  if ('StringEquals' in rule) return value === rule['StringEquals'];
  if ('NumericGreaterThan' in rule) return Number(value) > Number(rule['NumericGreaterThan']);
  throw new Error('this runner of tests does not know that comparison');
}

/**
 * Runs a state machine definition with handlers in the place of its functions: enough of the language for ours, so that
 * tests follow the committed definition and not a copy of it. Input and output pass through JSON, as they do on AWS.
 */
export async function runMachine(machine: Machine, handlers: Readonly<Record<string, (input: unknown) => Promise<unknown>>>, input: unknown): Promise<{ path: string[]; output: Json }> {
  let value = JSON.parse(JSON.stringify(input)) as Json;
  const path: string[] = [];
  for (let name: string | undefined = machine.StartAt; name !== undefined;) {
    const state: State | undefined = machine.States[name];
    if (!state) throw new Error(`no state ${name}`);
    if (path.length > 50) throw new Error(`no end in sight: ${path.join(' → ')}`);
    if (state.Type === 'Task') {
      path.push(name);
      const handler = handlers[functionOf(state)];
      if (!handler) throw new Error(`no handler for ${functionOf(state)}`);
      value = JSON.parse(JSON.stringify(await handler(value))) as Json;
    }
    if (state.Type === 'Succeed' || state.End) {
      if (state.Type === 'Succeed') path.push(name);
      return { path, output: value };
    }
    const now = value;
    name = state.Type === 'Choice' ? (state.Choices?.find((rule) => holds(rule, now))?.Next ?? state.Default) : state.Next;
  }
  return { path, output: value };
}
