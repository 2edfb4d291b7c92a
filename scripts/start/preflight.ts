import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';

/** Something outside the options keeps the run from starting: exit status 1. One line that says what to do. */
export class CannotStart extends Error {}

/** @throws CannotStart unless the file is there, is a file and can be read */
export function checkReadable(option: string, file: string): void {
  try {
    if (statSync(file).isFile()) {
      accessSync(file, constants.R_OK);
      return;
    }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : 'it may not be read';
    throw new CannotStart(`${option} ${file}: ${reason}`);
  }
  throw new CannotStart(`${option} ${file}: this is not a file`);
}

/** @throws CannotStart unless a file can be written there later */
export function checkWritable(option: string, file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    accessSync(dirname(file), constants.W_OK);
  } catch {
    throw new CannotStart(`${option} ${file}: its folder cannot be written to`);
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => done(true)));
  });

/** @throws CannotStart naming the first port that is taken */
export async function checkPorts(ports: Readonly<Record<string, number>>): Promise<void> {
  for (const [name, port] of Object.entries(ports)) {
    if (!(await isFree(port))) {
      throw new CannotStart(`port ${port} (${name}) is in use: stop what listens there, or choose other ports with --port-base`);
    }
  }
}
