import { HeadObjectCommand, PutObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { buildArtefact } from './artefact.ts';

/** The part of the framework that this plug-in uses. */
export interface Framework {
  readonly serviceDir: string;
  readonly service: { readonly provider: { readonly compiledCloudFormationTemplate?: { readonly Resources?: Readonly<Record<string, unknown>> } } };
  getProvider(name: 'aws'): {
    getStage(): string;
    getAccountId(): Promise<string>;
    /** Region and credentials of the deployment. */
    getAwsSdkV3Config(): Promise<S3ClientConfig>;
  };
}

interface Logging {
  readonly log: { notice(line: string): void };
}

const absent = (error: unknown): boolean => (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404;

/** The artefact that the launch template makes its instances fetch. */
function keyIn(launchTemplate: unknown): string {
  const key = /producer\/[0-9a-f]{64}\.zip/.exec(JSON.stringify(launchTemplate))?.[0];
  if (key === undefined) throw new Error('the launch template names no artefact of the producer');
  return key;
}

/**
 * Serverless plug-in: before a stack with a fleet is changed, the artefact that its launch template names lies in core's
 * bucket of artefacts. What is there already is neither built nor sent again. Nothing is ever deleted there: an older
 * launch template may still need it.
 */
export class UploadProducer {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;
  readonly #framework: Framework;
  readonly #log: Logging['log'];
  readonly #build: typeof buildArtefact;

  /** @param build a test's own; the framework gives three arguments */
  constructor(framework: Framework, _options: unknown, { log }: Logging, build = buildArtefact) {
    this.#build = build;
    this.#framework = framework;
    this.#log = log;
    this.hooks = { 'before:deploy:deploy': () => this.upload() };
  }

  async upload(): Promise<void> {
    const { service, serviceDir } = this.#framework;
    const fleet = service.provider.compiledCloudFormationTemplate?.Resources?.['FleetTemplate'];
    if (fleet === undefined) return;
    const aws = this.#framework.getProvider('aws');
    const Key = keyIn(fleet);
    const Bucket = `orderflow-${aws.getStage()}-${await aws.getAccountId()}-artefacts`;
    const s3 = new S3Client(await aws.getAwsSdkV3Config());
    try {
      await s3.send(new HeadObjectCommand({ Bucket, Key }));
      this.#log.notice(`The producer's artefact is there: ${Key}`);
    } catch (error) {
      if (!absent(error)) throw error;
      const { key, zip } = await this.#build(serviceDir);
      if (key !== Key) throw new Error(`the package was made of another producer (${Key}) than the one that stands here (${key}): package again`);
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: zip, ContentType: 'application/zip' }));
      this.#log.notice(`Uploaded the producer (${zip.byteLength} bytes): ${Key}`);
    } finally {
      s3.destroy();
    }
  }
}
