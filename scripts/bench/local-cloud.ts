import { mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LocalCloud } from '../start/local-cloud.ts';
import { packageServices, serverlessPackage } from '../start/package.ts';
import { treeCpuMs, treeMb } from '../start/process-tree.ts';
import { removeFolder, temporaryFolder } from '../start/spawned.ts';
import { startCloud } from '../local/testing/cloud-process.ts';
import { writePackage } from '../local/testing/fixture-package.ts';
import { openCalls } from './local-cloud-calls.ts';

type Say = (line: string) => void;

const CALLS = 3000;
const WARM_UP = 600;
const AT_ONCE = 12;
const IDLE_SECONDS = 20;
/** The role of the function whose key the measured calls carry: every call is judged, as a function's is. */
const ROLE = {
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: 'bench-caller',
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] },
    Policies: [{ PolicyName: 'bench', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['dynamodb:*', 'kinesis:*', 's3:*', 'sqs:*', 'sns:*', 'ses:*', 'states:*', 'secretsmanager:*', 'redshift-data:*', 'redshift-serverless:GetCredentials'], Resource: '*' }] } }],
  },
};

/** `count` calls, some at once; CPU milliseconds of the tree below `pid` for each. */
async function cpuOf(pid: number, count: number, call: (at: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const before = treeCpuMs(pid);
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (next < count) await call(next++);
  }));
  return (treeCpuMs(pid) - before) / count;
}

/**
 * What the local cloud itself costs, no function running: CPU a call by operation and over the mix of a paid order, CPU
 * and memory while nothing happens, and how long it takes to start. CPU is of all its processes and threads, the database
 * included, as the operating system counts it.
 */
export async function localCloud(root: string, say: Say): Promise<Record<string, number>> {
  const cache = join(root, '.orderflow/packages');
  await packageServices({ root, cache, run: serverlessPackage(root, cache, new AbortController().signal) });
  const folder = temporaryFolder();
  try {
    const packages = join(folder, 'packages');
    mkdirSync(packages);
    for (const service of readdirSync(cache).filter((name) => !name.startsWith('.'))) symlinkSync(realpathSync(join(cache, service)), join(packages, service));
    writePackage(packages, 'bench', { caller: 'exports.handler = async () => ({});' }, { CallerRole: ROLE });

    const timed = async (): Promise<{ cloud: Awaited<ReturnType<typeof startCloud>>; seconds: number }> => {
      const began = performance.now();
      const cloud = await startCloud(root, join(folder, 'data'), packages);
      return { cloud, seconds: (performance.now() - began) / 1000 };
    };
    const first = await timed();
    await first.cloud.stop('SIGTERM');
    const { cloud, seconds } = await timed();
    say(`started in ${first.seconds.toFixed(1)} s, again over the same data in ${seconds.toFixed(1)} s`);
    const figures: Record<string, number> = { startSeconds: Number(first.seconds.toFixed(2)), 'startSeconds again': Number(seconds.toFixed(2)) };
    try {
      const admin = new LocalCloud(cloud.ports['aws'] ?? 0);
      while (!(await admin.idle()).idle) await pause(200);
      const before = treeCpuMs(cloud.pid);
      await pause(IDLE_SECONDS * 1000);
      figures['idle cpuPercent'] = Number(((treeCpuMs(cloud.pid) - before) / (IDLE_SECONDS * 10)).toFixed(2));
      figures['idle rssMb'] = Math.round(treeMb(cloud.pid));
      say(`idle: ${figures['idle cpuPercent']} % of a core, ${figures['idle rssMb']} MB`);

      const calls = await openCalls((JSON.parse(readFileSync(join(folder, 'data/run.json'), 'utf8')) as { endpoints: Record<string, string> }).endpoints, 'bench-local-caller');
      let [cost, weight, writes, writeCost] = [0, 0, 0, 0];
      for (const operation of calls.operations) {
        const { name, perOrder, write } = operation;
        const run = (at: number): Promise<unknown> => operation.run(at);
        await cpuOf(cloud.pid, WARM_UP, run);
        const each = await cpuOf(cloud.pid, CALLS, (at) => run(at + WARM_UP));
        figures[`${name} cpuMs`] = Number(each.toFixed(3));
        cost += each * perOrder;
        weight += perOrder;
        if (write) [writes, writeCost] = [writes + 1, writeCost + each];
      }
      figures['a call cpuMs'] = Number((cost / weight).toFixed(3));
      figures['a DynamoDB write cpuMs'] = Number((writeCost / writes).toFixed(3));
      calls.close();
    } finally {
      await cloud.stop('SIGTERM');
    }
    return figures;
  } finally {
    removeFolder(folder);
  }
}
