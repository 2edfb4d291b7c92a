import { AwsError } from '../../service.ts';

/** What an operation is given and answers, as the JSON protocol has it. */
export type Input = Readonly<Record<string, unknown>>;
export type Output = Record<string, unknown>;

export const invalid = (name: string, value: unknown, reason: string): AwsError => new AwsError('InvalidParameterValue', `Value ${String(value)} for parameter ${name} is invalid. Reason: ${reason}`);

export function whole(input: Input, name: string, least: number, most: number): number | undefined {
  const given = input[name];
  if (given === undefined || given === null || given === '') return undefined;
  const value = Number(given);
  if (!Number.isInteger(value) || value < least || value > most) throw invalid(name, given, `Must be between ${least} and ${most}.`);
  return value;
}
export const required = (input: Input, name: string): string => {
  const value = input[name];
  if (typeof value !== 'string' || value === '') throw new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);
  return value;
};
export const optional = (input: Input, name: string): string | undefined => (typeof input[name] === 'string' && input[name] !== '' ? input[name] : undefined);
export const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
