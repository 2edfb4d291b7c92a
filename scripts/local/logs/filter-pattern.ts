import { compileColumnPattern } from './column-pattern.ts';
import { compileJsonPattern } from './json-pattern.ts';
import { invalidPattern } from './pattern-text.ts';

/**
 * A filter pattern as a test: words (`ERROR`, `"two words"`, `?either ?or`, `-without`, `%regex%`), `{ JSON }` or `[columns]`.
 * Words are found anywhere in the message, capitals matter.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function compileFilterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (text === '') return () => true;
  if (text.startsWith('{')) {
    if (!text.endsWith('}')) throw invalidPattern(pattern);
    return compileJsonPattern(text);
  }
  if (text.startsWith('[')) {
    if (!text.endsWith(']')) throw invalidPattern(pattern);
    return compileColumnPattern(text);
  }
  const all: ((message: string) => boolean)[] = [];
  const any: ((message: string) => boolean)[] = [];
  for (const [, mark = '', quoted, regex, word] of text.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)*)%|(\S+))/g)) {
    const found = regex !== undefined ? ((expression) => (message: string) => expression.test(message))(new RegExp(regex)) : ((part) => (message: string) => message.includes(part))(quoted?.replaceAll(/\\(.)/g, '$1') ?? word ?? '');
    if (mark === '?') any.push(found);
    else all.push(mark === '-' ? (message) => !found(message) : found);
  }
  return (message) => all.every((test) => test(message)) && (any.length === 0 || any.some((test) => test(message)));
}
