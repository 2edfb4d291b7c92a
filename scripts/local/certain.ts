/** The value that the code around has made sure of; it says which one when that is wrong. */
export function certain<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(`local cloud: ${what} is missing`);
  return value;
}
