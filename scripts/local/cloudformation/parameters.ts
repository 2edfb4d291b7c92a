import { AwsError } from '../service.ts';
import type { Template, TemplateParameter } from './template.ts';

const refuse = (message: string): never => {
  throw new AwsError('ValidationError', message);
};

function checkValue(name: string, value: string, parameter: TemplateParameter): void {
  const because = parameter.ConstraintDescription === undefined ? undefined : `Parameter '${name}' failed to satisfy constraint: ${parameter.ConstraintDescription}`;
  const each = parameter.Type === 'CommaDelimitedList' || parameter.Type?.startsWith('List<') ? value.split(',').map((item) => item.trim()) : [value];
  for (const item of each) {
    if (parameter.AllowedValues && !parameter.AllowedValues.map(String).includes(item)) refuse(because ?? `Parameter '${name}' must be one of AllowedValues`);
    if (parameter.AllowedPattern !== undefined && !new RegExp(`^(?:${parameter.AllowedPattern})$`).test(item)) refuse(because ?? `Parameter '${name}' must match pattern ${parameter.AllowedPattern}`);
    if (parameter.MinLength !== undefined && item.length < Number(parameter.MinLength)) refuse(because ?? `Parameter '${name}' must contain at least ${parameter.MinLength} characters`);
    if (parameter.MaxLength !== undefined && item.length > Number(parameter.MaxLength)) refuse(because ?? `Parameter '${name}' must contain at most ${parameter.MaxLength} characters`);
    if (!parameter.Type?.includes('Number')) continue;
    if (item === '' || Number.isNaN(Number(item))) refuse(`Parameter '${name}' must be a number`);
    if (parameter.MinValue !== undefined && Number(item) < Number(parameter.MinValue)) refuse(because ?? `Parameter '${name}' must be a number not less than ${parameter.MinValue}`);
    if (parameter.MaxValue !== undefined && Number(item) > Number(parameter.MaxValue)) refuse(because ?? `Parameter '${name}' must be a number not greater than ${parameter.MaxValue}`);
  }
}

const TYPES = /^(String|Number|List<Number>|CommaDelimitedList|(List<)?AWS::(EC2|Route53|SSM)::[\w:]+(<.*>)?>?)$/;

/**
 * Values that the stack works with, texts or lists of them.
 * @param stored value of an SSM parameter. @throws AwsError ValidationError
 */
export async function parameterValues(template: Template, given: Readonly<Record<string, string>>, stored: (name: string) => Promise<string | undefined>): Promise<Record<string, string | string[]>> {
  const known = template.Parameters ?? {};
  const extra = Object.keys(given).filter((name) => !Object.hasOwn(known, name));
  if (extra.length > 0) refuse(`Parameters: [${extra.join(', ')}] do not exist in the template`);
  const missing = Object.entries(known).filter(([name, parameter]) => given[name] === undefined && parameter.Default === undefined).map(([name]) => name);
  if (missing.length > 0) refuse(`Parameters: [${missing.join(', ')}] must have values`);
  const values: Record<string, string | string[]> = {};
  for (const [name, parameter] of Object.entries(known)) {
    const type = parameter.Type ?? '';
    if (!TYPES.test(type)) refuse(`Template format error: Unrecognized parameter type: ${type}`);
    const text = given[name] ?? String(parameter.Default);
    checkValue(name, text, parameter);
    const value = type.startsWith('AWS::SSM::Parameter::Value<') ? await stored(text) : text;
    if (value === undefined) return refuse(`Unable to fetch parameters [${text}] from parameter store for this account.`);
    values[name] = /^(CommaDelimitedList|List<)|<(List|CommaDelimited)/.test(type) ? value.split(',').map((item) => item.trim()) : value;
  }
  return values;
}
