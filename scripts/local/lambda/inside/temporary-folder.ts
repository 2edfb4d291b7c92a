import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const ONE_PATH = ['access', 'appendFile', 'chmod', 'chown', 'exists', 'lchown', 'lstat', 'lutimes', 'mkdir', 'mkdtemp', 'open', 'opendir', 'readFile', 'readdir', 'readlink', 'realpath', 'rm', 'rmdir', 'stat', 'statfs', 'truncate', 'unlink', 'utimes', 'writeFile'];
const TWO_PATHS = ['copyFile', 'cp', 'link', 'rename', 'symlink'];
const STREAMS = ['createReadStream', 'createWriteStream', 'openAsBlob', 'watch', 'watchFile', 'unwatchFile'];

/**
 * Every environment has a `/tmp` of its own, kept while it is warm. Threads cannot be given another root, so the paths
 * that `fs` is given are moved to `folder`. Paths below `except` (the function's code, this folder) stay.
 */
export function ownTemporaryFolder(folder: string, except: readonly string[]): void {
  const kept = [folder, ...except];
  let made = false;
  const moved = (path: unknown): unknown => {
    const text = typeof path === 'string' ? path : path instanceof URL && path.protocol === 'file:' ? path.pathname : undefined;
    if (text === undefined || (text !== '/tmp' && !text.startsWith('/tmp/')) || kept.some((each) => text.startsWith(each))) return path;
    if (!made) {
      made = true;
      fs.mkdirSync(folder, { recursive: true });
    }
    return folder + text.slice(4);
  };
  const wrap = (on: object, names: readonly string[], paths: 1 | 2): void => {
    const table = on as Record<string, ((...given: unknown[]) => unknown) | undefined>;
    for (const name of names) {
      const real = table[name];
      if (typeof real !== 'function') continue;
      const wrapped = function (this: unknown, first: unknown, ...rest: unknown[]): unknown {
        if (paths === 2) rest[0] = moved(rest[0]);
        return real.call(this, moved(first), ...rest);
      };
      // `realpath.native`, the promise form of `exists`
      table[name] = Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(real));
    }
  };
  const sync = (names: readonly string[]): string[] => names.map((name) => `${name}Sync`);
  wrap(fs, [...ONE_PATH, ...sync(ONE_PATH), ...STREAMS], 1);
  wrap(fs, [...TWO_PATHS, ...sync(TWO_PATHS)], 2);
  wrap(fs.promises, [...ONE_PATH, 'watch'], 1);
  wrap(fs.promises, TWO_PATHS, 2);
  syncBuiltinESMExports();
}
