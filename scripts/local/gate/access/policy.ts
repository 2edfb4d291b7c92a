import { compileCondition, type Condition, type Context } from './condition.ts';
import { arnPattern, MalformedPolicy, textPattern, type Pattern } from './wildcard.ts';

/** A statement of a policy document, as templates and the IAM API write it, references resolved. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  /** Of resource and trust policies. */
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What one action and one resource of an `Allow` statement grant, as written; `uses` counts the calls that it let through. */
export interface Grant { readonly action: string; readonly resource: string; uses: number }

export interface CompiledStatement {
  readonly allows: boolean;
  readonly condition: Condition | undefined;
  /** Whom a resource policy means; undefined in a role's own policy. */
  readonly principals: readonly string[] | undefined;
  /** The grants that cover this action on this resource; one without name for a `Deny`, or for what is not excluded. */
  covering(action: string, resource: string): readonly Grant[];
  coversAction(action: string): boolean;
  readonly grants: readonly Grant[];
}

const list = (value: string | readonly string[] | undefined): readonly string[] => (value === undefined ? [] : typeof value === 'string' ? [value] : value);

/** Actions are compared without regard to case. */
const actionPattern = (text: string): Pattern => ({ text, matches: textPattern(text.toLowerCase()).matches });

const checked = (text: string): string => {
  if (text.includes('${')) throw new MalformedPolicy(`the local cloud does not know policy variables: ${text}`);
  return text;
};

function compile(statement: Statement): CompiledStatement {
  if ('NotPrincipal' in statement) throw new MalformedPolicy('the local cloud does not know NotPrincipal');
  if (!['Allow', 'Deny'].includes(statement.Effect)) throw new MalformedPolicy('Effect must be Allow or Deny.');
  const actions = list(statement.Action ?? statement.NotAction).map(actionPattern);
  // a trust policy names no resource
  const given = statement.Resource ?? statement.NotResource;
  const resources = (given === undefined ? ['*'] : list(given)).map((text) => arnPattern(checked(text)));
  if (actions.length === 0) throw new MalformedPolicy('Policy statement must contain actions.');
  const unlessAction = statement.Action === undefined;
  const unlessResource = statement.Resource === undefined && statement.NotResource !== undefined;
  const grants = actions.flatMap((action) => resources.map((resource): { action: Pattern; resource: Pattern; grant: Grant } => ({ action, resource, grant: { action: action.text, resource: resource.text, uses: 0 } })));
  const coversAction = (action: string): boolean => {
    const lower = action.toLowerCase();
    return actions.some((pattern) => pattern.matches(lower)) !== unlessAction;
  };
  const principals = statement.Principal === undefined ? undefined : statement.Principal === '*' ? ['*'] : Object.entries(statement.Principal).flatMap(([kind, names]) => list(names).map((name) => (name === '*' ? '*' : `${kind}:${name}`)));
  return {
    allows: statement.Effect === 'Allow',
    condition: statement.Condition === undefined ? undefined : compileCondition(statement.Condition),
    principals, coversAction,
    grants: statement.Effect === 'Allow' ? grants.map(({ grant }) => grant) : [],
    covering(action, resource) {
      const lower = action.toLowerCase();
      if (!unlessAction && !unlessResource) return grants.filter((each) => each.action.matches(lower) && each.resource.matches(resource)).map(({ grant }) => grant);
      return coversAction(action) && resources.some((pattern) => pattern.matches(resource)) !== unlessResource ? grants.map(({ grant }) => grant) : [];
    },
  };
}

/** @throws MalformedPolicy */
export const compileStatements = (statements: readonly Statement[]): CompiledStatement[] => statements.map(compile);

/** The statements of a document; a single one may stand without a list. */
export const statementsOf = (document: unknown): Statement[] => [(document as { Statement?: Statement | Statement[] } | undefined)?.Statement ?? []].flat();

const byText = new Map<string, readonly CompiledStatement[]>();

/** The statements of a document's text, compiled once for each text; none where there is no document. @throws MalformedPolicy */
export function compiledPolicy(text: string | undefined): readonly CompiledStatement[] {
  if (text === undefined || text === '') return [];
  const known = byText.get(text);
  if (known) return known;
  if (byText.size >= 100) byText.clear();
  const made = compileStatements(statementsOf(JSON.parse(text)));
  byText.set(text, made);
  return made;
}

export interface Verdict {
  /** Explicit denial wins over everything; without any statement that allows, the answer is no as well. */
  readonly outcome: 'allowed' | 'denied' | 'not granted';
  readonly grants: readonly Grant[];
}

const NOT_GRANTED: Verdict = { outcome: 'not granted', grants: [] };
const DENIED: Verdict = { outcome: 'denied', grants: [] };

/**
 * Judges one action on one resource. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * @param isMeant of a resource policy: whether the statement's principals mean the caller
 */
export function judge(statements: readonly CompiledStatement[], action: string, resource: string, context: Context, isMeant: (principals: readonly string[]) => boolean = () => true): Verdict {
  const grants: Grant[] = [];
  for (const statement of statements) {
    const covering = statement.covering(action, resource);
    if (covering.length === 0 || (statement.principals && !isMeant(statement.principals)) || statement.condition?.(context) === false) continue;
    if (!statement.allows) return DENIED;
    grants.push(...covering);
  }
  return grants.length === 0 ? NOT_GRANTED : { outcome: 'allowed', grants };
}
