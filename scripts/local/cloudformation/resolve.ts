import type { Template } from './template.ts';

export interface Scope {
  readonly template: Template;
  readonly region: string;
  readonly accountId: string;
  readonly stackName: string;
  readonly stackId: string;
  /** Every parameter of the template. */
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  readonly notificationArns: readonly string[];
  /** Physical id of a resource of this stack. */
  ref(logicalId: string): string | undefined;
  attribute(logicalId: string, name: string): string | undefined;
  imported(name: string): string | undefined;
}

const NO_VALUE = Symbol('AWS::NoValue');

/** Resolves a template's values. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html */
export interface Resolver {
  value(node: unknown): unknown;
  condition(name: string): boolean;
}

export function createResolver(scope: Scope): Resolver {
  const conditions = new Map<string, boolean>();
  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::Region': scope.region, 'AWS::AccountId': scope.accountId, 'AWS::StackName': scope.stackName, 'AWS::StackId': scope.stackId,
    'AWS::Partition': 'aws', 'AWS::URLSuffix': 'amazonaws.com', 'AWS::NoValue': NO_VALUE, 'AWS::NotificationARNs': scope.notificationArns,
  };
  const fault = (what: string): Error => new Error(`stack ${scope.stackName}: ${what}`);

  const ref = (name: string): unknown => {
    if (name in pseudo) return pseudo[name];
    const found = scope.parameters[name] ?? scope.ref(name);
    if (found === undefined) throw fault(`Ref names nothing: ${name}`);
    return found;
  };
  const attribute = (path: readonly string[]): unknown => {
    const [logicalId = '', ...rest] = path;
    const found = scope.attribute(logicalId, rest.join('.'));
    if (found === undefined) throw fault(`${logicalId} has no attribute ${rest.join('.')} in the local cloud`);
    return found;
  };
  const sub = (argument: unknown): string => {
    const [text, own] = Array.isArray(argument) ? (argument as [string, Record<string, unknown>]) : [String(argument), {}];
    return text.replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, inner: string) => {
      const name = inner.trim();
      if (literal) return `\${${name}}`;
      if (name in own) return String(value(own[name]));
      return String(name.includes('.') && !name.startsWith('AWS::') ? attribute(name.split('.')) : ref(name));
    });
  };
  const condition = (name: string): boolean => {
    const known = conditions.get(name);
    if (known !== undefined) return known;
    const node = scope.template.Conditions?.[name];
    if (node === undefined) throw fault(`condition ${name} is not defined`);
    const result = value(node) === true;
    conditions.set(name, result);
    return result;
  };
  const list = (node: unknown): unknown[] => value(node) as unknown[];
  const functions: Readonly<Record<string, (argument: unknown) => unknown>> = {
    Ref: (name) => ref(String(name)),
    Condition: (name) => condition(String(name)),
    'Fn::GetAtt': (path) => attribute(Array.isArray(path) ? path.map(String) : String(path).split('.')),
    'Fn::Sub': sub,
    'Fn::Join': (argument) => (([by, items]) => list(items).map(String).join(by))(argument as [string, unknown]),
    'Fn::Select': (argument) => (([at, items]) => list(items)[Number(value(at))])(argument as [unknown, unknown]),
    'Fn::Split': (argument) => (([by, text]) => String(value(text)).split(by))(argument as [string, unknown]),
    'Fn::If': (argument) => (([name, yes, no]) => value(condition(name) ? yes : no))(argument as [string, unknown, unknown]),
    'Fn::Equals': (argument) => (([left, right]) => String(value(left)) === String(value(right)))(argument as [unknown, unknown]),
    'Fn::Not': (argument) => value((argument as unknown[])[0]) !== true,
    'Fn::And': (argument) => (argument as unknown[]).every((each) => value(each) === true),
    'Fn::Or': (argument) => (argument as unknown[]).some((each) => value(each) === true),
    'Fn::Base64': (text) => Buffer.from(String(value(text))).toString('base64'),
    'Fn::GetAZs': () => ['a', 'b', 'c'].map((zone) => scope.region + zone),
    'Fn::Cidr': (argument) => (([block, count]) => Array.from({ length: Number(count) }, (_each, at) => String(value(block)).replace(/\.\d+\.\d+\/\d+$/, `.${at}.0/24`)))(argument as [unknown, unknown]),
    'Fn::FindInMap': (argument) => (([map, first, second]) => scope.template.Mappings?.[String(value(map))]?.[String(value(first))]?.[String(value(second))])(argument as [unknown, unknown, unknown]),
    'Fn::ImportValue': (name) => {
      const text = String(value(name));
      const found = scope.imported(text);
      if (found === undefined) throw new Error(`No export named ${text} found.`);
      return found;
    },
  };
  const value = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(value).filter((each) => each !== NO_VALUE);
    if (typeof node !== 'object' || node === null) return node;
    const entries = Object.entries(node);
    const [name = '', argument] = entries.length === 1 ? (entries[0] ?? []) : [];
    const call = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (call && (name !== 'Condition' || typeof argument === 'string')) return call(argument);
    if (name.startsWith('Fn::')) throw fault(`${name} is not supported by the local cloud`);
    return Object.fromEntries(entries.map(([key, child]) => [key, value(child)]).filter(([, child]) => child !== NO_VALUE));
  };
  return {
    value(node) {
      const result = value(node);
      return result === NO_VALUE ? undefined : result;
    },
    condition,
  };
}
