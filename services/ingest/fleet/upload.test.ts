import { UploadProducer } from './upload.ts';

const sha256 = '1'.repeat(64);
const key = `producer/${sha256}.zip`;

/** The framework with these objects in its account; what it was asked for, and what was said. */
function framework(fleet: object | undefined, objects: readonly string[], failure: object = { providerError: { statusCode: 404 } }) {
  const asked: string[] = [];
  const said: string[] = [];
  const upload = new UploadProducer({
    serviceDir: 'services/ingest',
    service: { provider: { compiledCloudFormationTemplate: { Resources: fleet ? { FleetTemplate: fleet } : {} } } },
    getProvider: () => ({
      getStage: () => 'test',
      getAccountId: async () => '000000000000',
      request: async (_service, operation, parameters) => {
        asked.push(`${operation} ${String(parameters['Bucket'])} ${String(parameters['Key'])}`);
        if (operation === 'headObject' && !objects.includes(String(parameters['Key']))) throw Object.assign(new Error('no'), failure);
      },
    }),
  }, undefined, { log: { notice: (line) => said.push(line) } }, async () => ({ sha256, key, zip: new Uint8Array(1) }));
  return { run: () => upload.hooks['before:deploy:deploy']?.(), asked, said };
}

const naming = (key: string) => ({ Properties: { LaunchTemplateData: { UserData: { 'Fn::Base64': { 'Fn::Join': ['', ['ARTEFACT_KEY=', key, '\n']] } } } } });
const bucket = 'orderflow-test-000000000000-artefacts';
const other = `producer/${'0'.repeat(64)}.zip`;

it('without a fleet nothing is asked', async () => {
  const { run, asked } = framework(undefined, []);
  await run();
  expect(asked).toEqual([]);
});

it('what is there is not sent again', async () => {
  const { run, asked, said } = framework(naming(other), [other]);
  await run();
  expect(asked).toEqual([`headObject ${bucket} ${other}`]);
  expect(said).toEqual([`The producer's artefact is there: ${other}`]);
});

it('what is not there is sent, under the name in the launch template and under no other', async () => {
  const { run, asked } = framework(naming(key), []);
  await run();
  expect(asked).toEqual([`headObject ${bucket} ${key}`, `putObject ${bucket} ${key}`]);
  const stale = framework(naming(other), []);
  await expect(stale.run()).rejects.toThrow('package again');
  expect(stale.asked).toEqual([`headObject ${bucket} ${other}`]);
});

it('a refusal by S3 is not taken for absence', async () => {
  const { run, asked } = framework(naming(other), [], { providerError: { statusCode: 403 } });
  await expect(run()).rejects.toThrow('no');
  expect(asked).toHaveLength(1);
});
