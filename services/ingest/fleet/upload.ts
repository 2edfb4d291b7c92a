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

/**
 * Serverless plug-in: before a stack with a fleet is changed, the producer's artefact lies in core's bucket of artefacts.
 * What is there already is not sent again. Nothing is ever deleted there: an older launch template may still need it.
 */
export class UploadProducer {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;
  readonly #framework: Framework;
  readonly #log: Logging['log'];

  constructor(framework: Framework, _options: unknown, { log }: Logging) {
    this.#framework = framework;
    this.#log = log;
    this.hooks = { 'before:deploy:deploy': () => this.upload() };
  }

  async upload(): Promise<void> {
    const { service, serviceDir } = this.#framework;
    if (!service.provider.compiledCloudFormationTemplate?.Resources?.['Fleet']) return;
    const aws = this.#framework.getProvider('aws');
    const { key: Key, zip } = await buildArtefact(serviceDir);
    const Bucket = `orderflow-${aws.getStage()}-${await aws.getAccountId()}-artefacts`;
    try {
      await aws.request('S3', 'headObject', { Bucket, Key });
      this.#log.notice(`The producer has not changed: ${Key}`);
    } catch (error) {
      if (!absent(error)) throw error;
      await aws.request('S3', 'putObject', { Bucket, Key, Body: Buffer.from(zip), ContentType: 'application/zip' });
      this.#log.notice(`Uploaded the producer (${zip.byteLength} bytes): ${Key}`);
    }
  }
}
