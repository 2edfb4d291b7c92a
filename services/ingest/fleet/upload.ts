import { uploadArtefact, type Framework, type Logging } from '@orderflow/shared/artefacts';
import { buildArtefact } from './artefact.ts';

/** Serverless plug-in: before a stack with a fleet is changed, the producer that its launch template names is laid. */
export class UploadProducer {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;

  /** @param build a test's own; the framework gives three arguments */
  constructor(framework: Framework, _options: unknown, { log }: Logging, build = buildArtefact) {
    this.hooks = { 'before:deploy:deploy': () => uploadArtefact(framework, log, { what: 'the producer', resource: 'FleetTemplate', prefix: 'producer', build }) };
  }
}
