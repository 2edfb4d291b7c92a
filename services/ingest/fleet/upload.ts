import { buildArtefact } from './artefact.ts';

/** The part of the framework that this plug-in uses. */
export interface Framework {
  readonly serviceDir: string;
  readonly service: { readonly provider: { readonly compiledCloudFormationTemplate?: { readonly Resources?: Readonly<Record<string, unknown>> } } };
  getProvider(name: 'aws'): {
    getStage(): string;
    getAccountId(): Promise<string>;
    request(service: 'S3', operation: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown>;
  };
}

interface Logging {
  readonly log: { notice(line: string): void };
}

const absent = (error: unknown): boolean => {
  const { code = '', name = '', providerError } = error as { code?: string; name?: string; providerError?: { statusCode?: number; name?: string } };
  return providerError?.statusCode === 404 || /NotFound|NoSuchKey|_404/.test(`${code} ${name} ${providerError?.name ?? ''}`);
};

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
    try {
      await aws.request('S3', 'headObject', { Bucket, Key });
      this.#log.notice(`The producer's artefact is there: ${Key}`);
    } catch (error) {
      if (!absent(error)) throw error;
      const { key, zip } = await this.#build(serviceDir);
      if (key !== Key) throw new Error(`the package was made of another producer (${Key}) than the one that stands here (${key}): package again`);
      await aws.request('S3', 'putObject', { Bucket, Key, Body: Buffer.from(zip), ContentType: 'application/zip' });
      this.#log.notice(`Uploaded the producer (${zip.byteLength} bytes): ${Key}`);
    }
  }
}
