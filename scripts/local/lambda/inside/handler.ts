import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runtimeError } from './failure.ts';

export type Handler = (event: unknown, context: unknown, callback?: (error: unknown, value?: unknown) => void) => unknown;

async function load(file: string): Promise<Record<string, unknown>> {
  try {
    return (file.endsWith('.mjs') ? await import(pathToFileURL(file).href) : createRequire(file)(file)) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) throw runtimeError('UserCodeSyntaxError', String(error));
    const { code } = error as { code?: string };
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') throw runtimeError('ImportModuleError', String(error));
    throw error;
  }
}

/** `src/consume/index.handler` → file without extension, export name (may be nested with dots). */
export async function loadHandler(folder: string, name: string, runtime: string): Promise<Handler> {
  const slash = name.lastIndexOf('/');
  const dot = name.indexOf('.', slash + 1);
  if (dot < 0) throw runtimeError('MalformedHandlerName', 'Bad handler');
  const stem = join(folder, name.slice(0, dot));
  const file = ['.js', '.mjs', '.cjs'].map((end) => stem + end).find((path) => existsSync(path));
  if (!file) throw runtimeError('ImportModuleError', `Error: Cannot find module '${name.slice(slash + 1, dot)}'`);
  let found: unknown = await load(file);
  for (const part of name.slice(dot + 1).split('.')) found = (found as Record<string, unknown> | undefined)?.[part];
  if (found === undefined) throw runtimeError('HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof found !== 'function') throw runtimeError('HandlerNotFound', `${name} is not a function`);
  // https://aws.amazon.com/blogs/compute/node-js-24-runtime-now-available-in-aws-lambda/
  if (found.length >= 3 && Number(/\d+/.exec(runtime)?.[0] ?? 24) >= 24) {
    throw runtimeError('CallbackHandlerDeprecated', 'AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later.');
  }
  return found as Handler;
}

/** Its answer; a handler with three parameters (up to Node.js 22) answers by its callback. */
export const callHandler = (handler: Handler, event: unknown, context: unknown): Promise<unknown> =>
  new Promise((resolve, reject) => {
    if (handler.length < 3) return void Promise.resolve(handler(event, context)).then(resolve, reject);
    const answer = handler(event, context, (error, value) => {
      if (error === null || error === undefined) return resolve(value);
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever a handler gives is told
      reject(error);
    });
    if (answer instanceof Promise) answer.then(resolve, reject);
  });
