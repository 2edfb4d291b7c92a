/** `<source>:<account>:<id>`, `%` and `:` inside a part percent-encoded (CONTRACTS "Identity"); the sender's own few lines. */
export const composedKey = (...parts: readonly string[]): string =>
  parts.map((part) => part.replaceAll('%', '%25').replaceAll(':', '%3A')).join(':');
