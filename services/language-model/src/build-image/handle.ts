import type { Invocation, Log } from '@orderflow/shared/lambda';

/** A build as CodeBuild tells of it. */
export interface Build {
  /** `IN_PROGRESS`, `SUCCEEDED`, or how it ended otherwise. */
  readonly status: string;
  /** `sha256:…` of the image, when there is one. */
  readonly digest: string | undefined;
  /** The phase that failed. */
  readonly phase: string | undefined;
  /** Where its log is read. */
  readonly log: string | undefined;
}

export interface BuildImage {
  /** Starts a build, or answers with the one that this token has started. */
  start(token: string): Promise<string>;
  look(id: string): Promise<Build>;
  pause(milliseconds: number): Promise<void>;
  /** Answers CloudFormation at the address that it gave. */
  reply(url: string, body: unknown): Promise<void>;
  readonly log: Log;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html */
export interface BuildImageInput {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly ResourceProperties: {
    /** URI of the repository that the image is pushed to. */
    readonly Repository: string;
  };
}

const lookEveryMs = 5_000;
/** Time of the invocation that is kept for the answer. */
const reserveMs = 15_000;

/** The image that a build has pushed, by digest, so that what was tested is what runs. @throws Error that says where to read on */
async function image({ RequestId, ResourceProperties: { Repository } }: BuildImageInput, deps: BuildImage, remainingMs: () => number): Promise<string> {
  const id = await deps.start(RequestId);
  const say = (what: string, { log }: Build): Error => new Error(`build ${id} ${what}; its log: ${log ?? 'none'}`);
  for (;;) {
    const build = await deps.look(id);
    if (build.status === 'SUCCEEDED') {
      if (!/^sha256:[0-9a-f]{64}$/.test(build.digest ?? '')) throw say('named no image', build);
      return `${Repository}@${build.digest ?? ''}`;
    }
    if (build.status !== 'IN_PROGRESS') throw say(`ended ${build.status}${build.phase === undefined ? '' : ` in ${build.phase}`}`, build);
    if (remainingMs() < reserveMs + lookEveryMs) throw say('is not done in time', build);
    await deps.pause(lookEveryMs);
  }
}

/**
 * Custom resource: has the container's image built of the artefact that the project names, waits for it, and answers with its
 * address. A deletion leaves the image to its repository.
 */
export async function handle(input: BuildImageInput, deps: BuildImage, { remainingMs }: Pick<Invocation, 'remainingMs'>): Promise<{ image: string }> {
  const { StackId, RequestId, LogicalResourceId } = input;
  const answer = (Status: 'SUCCESS' | 'FAILED', more: object): Promise<void> =>
    deps.reply(input.ResponseURL, { Status, PhysicalResourceId: 'language-model-image', StackId, RequestId, LogicalResourceId, ...more });
  let built = '';
  try {
    if (input.RequestType !== 'Delete') built = await image(input, deps, remainingMs);
  } catch (error) {
    // CloudFormation waits for an answer that does not come
    await answer('FAILED', { Reason: error instanceof Error ? error.message.slice(0, 1_000) : 'unknown' });
    throw error;
  }
  await answer('SUCCESS', { Data: { Image: built } });
  deps.log.info('IMAGE_BUILT', { image: built });
  return { image: built };
}
