import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { uploadArtefact, type Framework, type Logging } from '@orderflow/shared/artefacts';
import { buildArtefact } from './artefact.ts';

/** Serverless plug-in: before a stack with the encoder is changed, what its image is built from is laid. */
export class UploadModel {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;

  constructor(framework: Framework, _options: unknown, { log }: Logging) {
    this.hooks = {
      // the bundler looks for its output even where there is no function, so nothing to bundle
      'package:createDeploymentArtifacts': async () => void mkdirSync(join(framework.serviceDir, '.esbuild/.serverless'), { recursive: true }),
      'before:deploy:deploy': () => uploadArtefact(framework, log, { what: 'the model server', resource: 'ImageBuild', prefix: 'language-model', build: buildArtefact }),
    };
  }
}
