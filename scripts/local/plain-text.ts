/** A JSON value as text: texts as they are, everything else as JSON. */
export const plainText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value)) ?? '');
