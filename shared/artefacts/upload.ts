import { HeadObjectCommand, PutObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

/** The part of the framework that a plug-in uses which lays an artefact. */
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

export interface Logging {
  readonly log: { notice(line: string): void };
}

/** What is laid: named by its content in the template, made only when it is not there yet. */
export interface Artefact {
  /** For people: `the producer`. */
  readonly what: string;
  /** Logical id of the resource that names the key. */
  readonly resource: string;
  /** First part of the key: `<prefix>/<sha256>.zip`. */
  readonly prefix: string;
  build(folder: string): Promise<{ readonly key: string; readonly zip: Uint8Array }>;
}

const absent = (error: unknown): boolean => (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404;

/**
 * Before a stack is changed, the artefact that its template names lies in core's bucket of artefacts. What is there already is
 * neither built nor sent again. Nothing is ever deleted there: an older template may still need it.
 * @throws Error when the template names another artefact than the one that stands here
 */
export async function uploadArtefact(framework: Framework, log: Logging['log'], artefact: Artefact): Promise<void> {
  const { what, resource, prefix } = artefact;
  const { service, serviceDir } = framework;
  const named = service.provider.compiledCloudFormationTemplate?.Resources?.[resource];
  if (named === undefined) return;
  const Key = new RegExp(`${prefix}/[0-9a-f]{64}\\.zip`).exec(JSON.stringify(named))?.[0];
  if (Key === undefined) throw new Error(`${resource} names no artefact of ${what}`);
  const aws = framework.getProvider('aws');
  const Bucket = `orderflow-${aws.getStage()}-${await aws.getAccountId()}-artefacts`;
  const s3 = new S3Client(await aws.getAwsSdkV3Config());
  try {
    await s3.send(new HeadObjectCommand({ Bucket, Key }));
    log.notice(`The artefact of ${what} is there: ${Key}`);
  } catch (error) {
    if (!absent(error)) throw error;
    const { key, zip } = await artefact.build(serviceDir);
    if (key !== Key) throw new Error(`the package was made of another artefact of ${what} (${Key}) than the one that stands here (${key}): package again`);
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: zip, ContentType: 'application/zip' }));
    log.notice(`Uploaded ${what} (${zip.byteLength} bytes): ${Key}`);
  } finally {
    s3.destroy();
  }
}
