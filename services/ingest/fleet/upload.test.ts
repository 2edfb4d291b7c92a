import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UploadProducer } from './upload.ts';

const sha256 = '1'.repeat(64);
const key = `producer/${sha256}.zip`;

/** The framework, with an S3 that holds these objects; what S3 was asked for, and what was said. */
async function framework(fleet: object | undefined, objects: readonly string[], missing = 404) {
  const asked: string[] = [];
  const said: string[] = [];
  const s3 = createServer((request, answer) => {
    const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
    asked.push(`${request.method} ${path}`);
    const there = request.method !== 'HEAD' || objects.some((key) => path.endsWith(key));
    request.resume().on('end', () => answer.writeHead(there ? 200 : missing).end());
  }).listen(0, '127.0.0.1');
  await once(s3, 'listening');
  const upload = new UploadProducer({
    serviceDir: 'services/ingest',
    service: { provider: { compiledCloudFormationTemplate: { Resources: fleet ? { FleetTemplate: fleet } : {} } } },
    getProvider: () => ({
      getStage: () => 'test',
      getAccountId: async () => '000000000000',
      getAwsSdkV3Config: async () => ({
        region: 'eu-west-1', endpoint: `http://127.0.0.1:${(s3.address() as AddressInfo).port}`, credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1,
      }),
    }),
  }, undefined, { log: { notice: (line) => said.push(line) } }, async () => ({ sha256, key, zip: new Uint8Array(1) }));
  const run = async (): Promise<void> => {
    try {
      await upload.hooks['before:deploy:deploy']?.();
    } finally {
      s3.close();
    }
  };
  return { run, asked, said };
}

const naming = (key: string) => ({ Properties: { LaunchTemplateData: { UserData: { 'Fn::Base64': { 'Fn::Join': ['', ['ARTEFACT_KEY=', key, '\n']] } } } } });
const bucket = '/orderflow-test-000000000000-artefacts';
const other = `producer/${'0'.repeat(64)}.zip`;

it('without a fleet nothing is asked', async () => {
  const { run, asked } = await framework(undefined, []);
  await run();
  expect(asked).toEqual([]);
});

it('what is there is not sent again', async () => {
  const { run, asked, said } = await framework(naming(other), [other]);
  await run();
  expect(asked).toEqual([`HEAD ${bucket}/${other}`]);
  expect(said).toEqual([`The artefact of the producer is there: ${other}`]);
});

it('what is not there is sent, under the name in the launch template and under no other', async () => {
  const { run, asked } = await framework(naming(key), []);
  await run();
  expect(asked).toEqual([`HEAD ${bucket}/${key}`, `PUT ${bucket}/${key}`]);
  const stale = await framework(naming(other), []);
  await expect(stale.run()).rejects.toThrow('package again');
  expect(stale.asked).toEqual([`HEAD ${bucket}/${other}`]);
});

it('a refusal by S3 is not taken for absence', async () => {
  const { run, asked } = await framework(naming(other), [], 403);
  await expect(run()).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  expect(asked).toHaveLength(1);
});
