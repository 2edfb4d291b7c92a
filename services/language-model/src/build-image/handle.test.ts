import type { Log } from '@orderflow/shared/lambda';
import { handle, type Build, type BuildImage, type BuildImageInput } from './handle.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const request = (RequestType: BuildImageInput['RequestType']): BuildImageInput => ({ RequestType, ResponseURL: 'https://cloudformation/answer', StackId: 's', RequestId: 'r', LogicalResourceId: 'Image', ResourceProperties: { Repository: 'repository' } });
const running: Build = { status: 'IN_PROGRESS', digest: undefined, phase: undefined, log: 'https://log' };

/** CodeBuild that tells of a build in these words, one after the other; the clock runs only while somebody waits. */
function world(builds: readonly Build[]) {
  const answers: Record<string, unknown>[] = [];
  const started: string[] = [];
  let left = 60_000;
  let at = 0;
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined } as unknown as Log;
  const deps: BuildImage = {
    log,
    start: async (token) => (started.push(token), 'build:1'),
    look: async () => builds[Math.min(at++, builds.length - 1)] ?? running,
    pause: async (ms) => void (left -= ms),
    reply: async (_url, body) => void answers.push(body as Record<string, unknown>),
  };
  return { deps, answers, started, run: (type: BuildImageInput['RequestType']) => handle(request(type), deps, { remainingMs: () => left }) };
}

it('waits for the build and answers with the image by its digest', async () => {
  const { run, answers, started } = world([running, running, { ...running, status: 'SUCCEEDED', digest }]);
  expect(await run('Create')).toEqual({ image: `repository@${digest}` });
  // a second delivery of the same request starts no second build
  expect(started).toEqual(['r']);
  expect(answers).toEqual([expect.objectContaining({ Status: 'SUCCESS', RequestId: 'r', Data: { Image: `repository@${digest}` } })]);
});

it.each<[string, readonly Build[], string]>([
  ['a build that fails', [running, { ...running, status: 'FAILED', phase: 'BUILD' }], 'build build:1 ended FAILED in BUILD; its log: https://log'],
  ['a build that names no image', [{ ...running, status: 'SUCCEEDED' }], 'named no image; its log: https://log'],
  ['a build that takes too long', [running], 'is not done in time; its log: https://log'],
])('%s is told with where to read on', async (_, builds, reason) => {
  const { run, answers } = world(builds);
  await expect(run('Update')).rejects.toThrow(reason);
  expect(answers).toEqual([expect.objectContaining({ Status: 'FAILED', Reason: expect.stringContaining(reason) })]);
});

it('a deletion builds nothing', async () => {
  const { run, answers, started } = world([]);
  await run('Delete');
  expect({ started, answers }).toEqual({ started: [], answers: [expect.objectContaining({ Status: 'SUCCESS' })] });
});
