import { AwsError } from './service.ts';

/** A text field of a request's input; `otherwise` when it is absent, and a validation error for anything but text. */
export function text(input: Readonly<Record<string, unknown>>, name: string, otherwise = ''): string {
  return optionalText(input, name) ?? otherwise;
}

export function optionalText(input: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new AwsError('ValidationException', `${name} must be a text`);
  return value;
}
