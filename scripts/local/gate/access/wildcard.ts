/** A pattern of a policy, compiled: `*` stands for any text, `?` for one character. */
export interface Pattern {
  /** As written. */
  readonly text: string;
  readonly matches: (value: string) => boolean;
}

/** Why a policy cannot be judged; IAM refuses such a document with this code too. */
export class MalformedPolicy extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedPolicyDocument';
  }
}

const ARN_SEGMENTS = 6;
const source = (text: string, any: string, one: string): string => text.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', any).replaceAll('?', one);

function compiled(text: string, expression: () => string): Pattern {
  const wild = text.search(/[*?]/);
  if (wild < 0) return { text, matches: (value) => value === text };
  const all = new RegExp(`^${expression()}$`, 's');
  return { text, matches: (value) => all.test(value) };
}

/** For actions and the values of `StringLike`: a wildcard reaches over everything. */
export const textPattern = (text: string): Pattern => (text === '*' ? { text, matches: () => true } : compiled(text, () => source(text, '.*', '.')));

/**
 * For resources and the values of `ArnLike`: `*` alone is every resource; else the six parts of an ARN are matched one by
 * one, and a wildcard does not reach over the colons between the first five.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 * @throws MalformedPolicy
 */
export function arnPattern(text: string): Pattern {
  if (text === '*') return { text, matches: () => true };
  const parts = text.split(':');
  if (parts[0] !== 'arn' || parts.length < ARN_SEGMENTS) throw new MalformedPolicy(`Resource ${text} must be in ARN format or "*".`);
  const name = parts.slice(ARN_SEGMENTS - 1).join(':');
  // most patterns are a fixed beginning and one star at the end
  if (text.endsWith('*') && !/[*?]/.test(text.slice(0, -1)) && name !== '*') {
    const beginning = text.slice(0, -1);
    return { text, matches: (value) => value.startsWith(beginning) };
  }
  return compiled(text, () => [...parts.slice(0, ARN_SEGMENTS - 1).map((part) => source(part, '[^:]*', '[^:]')), source(name, '.*', '.')].join(':'));
}
