import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { CreateStreamCommand, GetRecordsCommand, GetShardIteratorCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { conformanceTarget, type ConformanceTarget } from '../../../scripts/local/conformance/target.ts';
import { searchPath } from '../src/testing/env.ts';
import { signed } from '../src/testing/memory.ts';
import { buildArtefact, type Artefact } from './artefact.ts';
import { userData } from './user-data.ts';

const run = promisify(execFile);
const service = join(__dirname, '..');
const settings = { stage: 'local', publicUrl: 'https://hooks.example.com', intake: { INTAKE_BUCKET: { Ref: 'IntakeBucket' } }, producer: { LOG_LEVEL: 'INFO' } };

let artefact: Artefact;
beforeAll(async () => {
  artefact = await buildArtefact(service);
});

describe('artefact', () => {
  it('is the same bytes whenever the same content is packed', async () => {
    const again = await buildArtefact(service);
    expect(again.sha256).toBe(artefact.sha256);
    expect(artefact.key).toBe(`producer/${artefact.sha256}.zip`);
  });

  it('is named in the user data, which holds no secret and fits', async () => {
    const { 'Fn::Base64': { 'Fn::Join': [, parts] } } = userData(service, artefact, settings) as { 'Fn::Base64': { 'Fn::Join': [string, (string | object)[]] } };
    const text = parts.map((part) => (typeof part === 'string' ? part : 'x'.repeat(64))).join('');
    expect(text).toContain(`ARTEFACT_SHA256=${artefact.sha256}\n`);
    expect(parts).toContainEqual({ Ref: 'IntakeBucket' });
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html
    expect(Buffer.byteLength(text)).toBeLessThan(16_384);
    expect(text).not.toMatch(/secret|password|AKIA/i);
    await run('bash', ['-n', '-c', text]);
  });
});

/** What an instance has and this machine has not: each is a script that writes down how it was called. */
function instanceTools(folder: string, endpoint: string): void {
  const bin = join(folder, 'bin');
  const agent = join(folder, 'root/opt/aws/amazon-cloudwatch-agent/bin');
  mkdirSync(bin, { recursive: true });
  mkdirSync(agent, { recursive: true });
  const tool = (path: string, body: string): void => {
    writeFileSync(path, body);
    chmodSync(path, 0o755);
  };
  for (const name of ['dnf', 'systemctl', 'cfn-signal', 'useradd', 'chown']) tool(join(bin, name), `#!/bin/bash\necho "${name} $*" >>"${folder}/calls"\n`);
  tool(join(agent, 'amazon-cloudwatch-agent-ctl'), `#!/bin/bash\necho "agent $*" >>"${folder}/calls"\n`);
  const node = (script: string): string => `#!/bin/bash\nexec ${process.execPath} --disable-warning=ExperimentalWarning -e '${script}' -- "$@"\n`;
  tool(join(bin, 'aws'), node(`
    const { S3Client, GetObjectCommand } = require("${join(service, '../../node_modules/@aws-sdk/client-s3')}");
    const [from, to] = process.argv.slice(-2);
    const { hostname: Bucket, pathname } = new URL(from);
    const client = new S3Client({ endpoint: "${endpoint}", region: "eu-west-1", forcePathStyle: true, credentials: { accessKeyId: "local", secretAccessKey: "local" } });
    client.send(new GetObjectCommand({ Bucket, Key: pathname.slice(1) })).then(async ({ Body }) => require("fs").writeFileSync(to, await Body.transformToByteArray())).catch((error) => { console.error(error.message); process.exit(1); });`));
  tool(join(bin, 'unzip'), node(`
    const { unzipSync } = require("${join(service, '../../node_modules/fflate')}");
    const fs = require("fs"), path = require("path"), [, file, , to] = process.argv.slice(-4);
    for (const [name, bytes] of Object.entries(unzipSync(fs.readFileSync(file)))) { fs.mkdirSync(to, { recursive: true }); fs.writeFileSync(path.join(to, name), bytes); }`));
}

describe('an instance', () => {
  const buckets = { ARCHIVE_BUCKET: 'fleet-archive', QUARANTINE_BUCKET: 'fleet-quarantine', INTAKE_BUCKET: 'fleet-intake', ARTEFACT_BUCKET: 'fleet-artefacts' };
  let target: ConformanceTarget;
  let folder: string;
  let s3: S3Client;
  let kinesis: KinesisClient;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'orderflow-fleet-'));
    target = await conformanceTarget();
    s3 = new S3Client({ ...target.client, forcePathStyle: true });
    kinesis = new KinesisClient(target.client);
    const secrets = new SecretsManagerClient(target.client);
    await Promise.all([
      ...Object.values(buckets).map((Bucket) => s3.send(new CreateBucketCommand({ Bucket }))),
      ...['fleet-events', 'fleet-facts'].map((StreamName) => kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))),
      secrets.send(new CreateSecretCommand({ Name: 'orderflow/local/sources/canonical/default', SecretString: 'local-canonical-secret' })),
    ]);
    secrets.destroy();
    await s3.send(new PutObjectCommand({ Bucket: buckets.ARTEFACT_BUCKET, Key: artefact.key, Body: artefact.zip }));
    instanceTools(folder, target.client.endpoint);
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    s3.destroy();
    kinesis.destroy();
    await target.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const boot = (sha256: string, port: number) => run('bash', [join(__dirname, 'boot.sh')], {
    env: {
      PATH: `${join(folder, 'bin')}${delimiter}${searchPath}`, ROOT: join(folder, 'root'), TMPDIR: folder, ARTEFACT_BUCKET: buckets.ARTEFACT_BUCKET,
      ARTEFACT_KEY: artefact.key, ARTEFACT_SHA256: sha256, LOG_GROUP: '/orderflow/local/producer', PORT: String(port), STACK: 'stack', AWS_REGION: 'eu-west-1',
    },
  });
  const calls = (): string => readFileSync(join(folder, 'calls'), 'utf8');

  it('refuses an artefact that is not the one it was deployed with, and says so to CloudFormation', async () => {
    await expect(boot('0'.repeat(64), 1)).rejects.toThrow(/WARNING: 1 computed checksum did NOT match/);
    expect(calls()).toContain('cfn-signal --exit-code 1 --stack stack --resource Fleet');
    expect(calls()).not.toContain('systemctl');
  });

  it('fetches, installs and reports only when the producer answers; takes webhooks; SIGTERM ends it with 0', async () => {
    const health = createServer((_request, answer) => answer.end('{}')).listen(0, '127.0.0.1');
    await once(health, 'listening');
    await boot(artefact.sha256, (health.address() as AddressInfo).port);
    health.close();
    expect(calls()).toMatch(/systemctl enable --now orderflow-producer\.service\ncfn-signal --exit-code 0/);
    const installed = (path: string): string => readFileSync(join(folder, 'root', path), 'utf8');
    expect(installed('opt/aws/amazon-cloudwatch-agent/etc/orderflow.json')).toContain('"log_group_name": "/orderflow/local/producer"');
    const unit = installed('etc/systemd/system/orderflow-producer.service');
    for (const line of ['User=orderflow', 'NoNewPrivileges=true', 'ProtectSystem=strict', 'Restart=always', 'ReadWritePaths=/var/log/orderflow']) expect(unit).toContain(`\n${line}\n`);

    const [, ...start] = /^ExecStart=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? [];
    const child = spawn(process.execPath, start.map((one) => (one.startsWith('/opt') ? join(folder, 'root', one) : one)), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: {
        ...buckets, STAGE: 'local', EVENTS_STREAM: 'fleet-events', FACTS_STREAM: 'fleet-facts', NOTICES_QUEUES: 'fleet-notices-', CURSORS_TABLE: 'fleet-cursors', PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'ERROR',
        AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: target.client.endpoint, AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local',
      },
    });
    children.push(child);
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    const body = JSON.stringify({
      type: 'order.created', data: { order: { id: '1', placedAt: '2026-11-22T11:00:00Z', status: 'NEW', currency: 'EUR', total: 0, payment: { status: 'PAID' }, fulfilment: { status: 'UNFULFILLED' }, lines: [] } } });
    const { headers } = signed('canonical', body, { 'webhook-id': 'm' }, { at: Date.now() });
    const answer = await fetch(`http://127.0.0.1:${port}/webhooks/canonical`, { method: 'POST', body, headers: headers as Record<string, string> });
    expect(answer.status).toBe(200);
    const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand({ StreamName: 'fleet-events', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' }));
    expect((await kinesis.send(new GetRecordsCommand({ ShardIterator }))).Records?.map(({ PartitionKey }) => PartitionKey)).toEqual(['canonical:default:1']);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
