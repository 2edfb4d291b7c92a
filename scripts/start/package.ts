import { spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { contentHash } from './content-hash.ts';
import { alive } from './process-tree.ts';

export interface Packaged {
  readonly service: string;
  readonly cached: boolean;
  readonly ms: number;
}

export interface PackageOptions {
  /** Root of the repository. */
  readonly root: string;
  /** Package cache; `<cache>/<service>` ends as a link to the package of the service's present content. */
  readonly cache: string;
  /** Runs `serverless package` in `cwd`; @throws Error whose message tells what was wrong. */
  readonly run: (cwd: string, into: string) => Promise<void>;
  readonly onPackaged?: (one: Packaged) => void;
  /** Services packaged side by side. */
  readonly parallel?: number;
  /** These services; without it all. */
  readonly only?: readonly string[];
}

/** Every folder below services/ that holds a serverless.yml. */
export const servicesOf = (root: string): string[] =>
  readdirSync(join(root, 'services')).filter((name) => existsSync(join(root, 'services', name, 'serverless.yml'))).sort();

const inputsOf = (service: string): string[] =>
  [`services/${service}`, 'services/common.yml', 'shared', 'state-machines', 'package-lock.json'];

/**
 * Takes the lock file of one service; two runs that find the cache empty package each service once. serverless-esbuild
 * works in one fixed folder of the service, so two at a time would spoil each other. A dead owner's lock is taken over.
 */
async function locked(file: string, act: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    let owner = 0;
    try {
      owner = Number(readFileSync(file, 'utf8'));
    } catch {
      continue; // released meanwhile
    }
    if (owner > 0 && !alive(owner)) rmSync(file, { force: true });
    else await sleep(100);
  }
  try {
    await act();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Points `link` to `target` in one rename, so that whoever reads it sees the old package or the new one, whole. */
function pointTo(link: string, target: string): void {
  const fresh = `${link}.${process.pid}.link`;
  rmSync(fresh, { force: true });
  symlinkSync(target, fresh, 'dir');
  if (existsSync(link) && !lstatSync(link).isSymbolicLink()) rmSync(link, { recursive: true });
  renameSync(fresh, link);
}

/** Packages of content that is gone, except what a run started a moment ago may still be reading. */
function dropOld(contents: string, service: string, keep: string): void {
  const dayAgo = Date.now() - 86_400_000;
  for (const name of readdirSync(contents)) {
    if (!name.startsWith(`${service}-`) || name === keep || name.includes('.')) continue;
    if (lstatSync(join(contents, name)).mtimeMs < dayAgo) rmSync(join(contents, name), { recursive: true, force: true });
  }
}

const linkTarget = (link: string): string | undefined => {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
};

/** Packages every service whose content is not in the cache yet. @throws Error naming the first service that fails */
export async function packageServices(options: PackageOptions): Promise<readonly Packaged[]> {
  const contents = join(options.cache, '.contents');
  mkdirSync(contents, { recursive: true });
  const waiting = servicesOf(options.root).filter((service) => options.only?.includes(service) ?? true);
  const done: Packaged[] = [];

  const one = async (service: string): Promise<void> => {
    const started = Date.now();
    const name = `${service}-${contentHash(options.root, inputsOf(service))}`;
    const content = join(contents, name);
    const link = join(options.cache, service);
    let cached = existsSync(content);
    if (!cached) {
      await locked(join(options.cache, `.lock-${service}`), async () => {
        cached = existsSync(content);
        if (cached) return;
        const into = `${content}.${process.pid}`;
        await options.run(join(options.root, 'services', service), into).catch((error: unknown) => {
          rmSync(into, { recursive: true, force: true });
          throw new Error(`service ${service} cannot be packaged: ${(error as Error).message}`);
        });
        renameSync(into, content);
        dropOld(contents, service, name);
      });
    }
    const target = join('.contents', name);
    if (linkTarget(link) !== target) pointTo(link, target);
    const packaged = { service, cached, ms: Date.now() - started };
    done.push(packaged);
    options.onPackaged?.(packaged);
  };
  const worker = async (): Promise<void> => {
    for (let service = waiting.shift(); service !== undefined; service = waiting.shift()) await one(service);
  };
  await Promise.all(Array.from({ length: options.parallel ?? 2 }, worker));

  const present = new Set(done.map(({ service }) => service));
  for (const name of readdirSync(options.cache)) {
    if (!name.startsWith('.') && !name.includes('.') && !present.has(name) && linkTarget(join(options.cache, name)) !== undefined) {
      unlinkSync(join(options.cache, name)); // a service that no longer exists
    }
  }
  return done.sort((a, b) => (a.service < b.service ? -1 : 1));
}

/**
 * `serverless package` by the installed framework, without its `npx` and without any AWS credentials. After a failed
 * bundle the framework says so and then hangs on its bundler, so it is ended as soon as it has said it.
 */
export const serverlessPackage = (root: string, cache: string, signal: AbortSignal, stage = 'local', parameters: readonly string[] = []) => (cwd: string, into: string): Promise<void> =>
  new Promise((done, fail) => {
    const child = spawn(
      process.execPath,
      [join(root, 'node_modules/serverless/bin/serverless.js'), 'package', '--stage', stage, '--package', into, ...parameters.flatMap((one) => ['--param', one])],
      {
        cwd,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        // the framework's own modules take half of its start: compiled once, kept
        env: { ...process.env, NODE_COMPILE_CACHE: join(cache, '.compiled'), SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off', NO_COLOR: '1' },
      },
    );
    let said = '';
    const kill = (): void => {
      try {
        process.kill(-(child.pid ?? 0), 'SIGKILL'); // with its bundler
      } catch {
        // already gone
      }
    };
    signal.addEventListener('abort', kill, { once: true });
    process.on('exit', kill);
    const hear = (part: Buffer): void => {
      said += part.toString();
      if (/^Environment: /m.test(said)) setTimeout(kill, 200);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const end = (error?: Error): void => {
      signal.removeEventListener('abort', kill);
      process.off('exit', kill);
      if (error) fail(error);
      else done();
    };
    child.once('error', end);
    child.once('close', (code) => end(code === 0 ? undefined : new Error(signal.aborted ? 'stopped' : `\n${said.trim()}`)));
  });
