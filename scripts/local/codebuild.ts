import { createHash } from 'node:crypto';
import { text } from './fields.ts';
import { AwsError, jsonProtocol, type LocalService } from './service.ts';

/**
 * CodeBuild: no images are built here, as servers run as child processes; whoever starts a build is told that it has succeeded,
 * with a made-up digest, so that what waits for one goes on. Projects of templates are inert.
 */
export function codeBuildService(region: string, accountId: string): LocalService {
  const shown = (id: string) => ({
    id, arn: `arn:aws:codebuild:${region}:${accountId}:build/${id}`, projectName: id.split(':')[0], buildStatus: 'SUCCEEDED', buildComplete: true,
    exportedEnvironmentVariables: [{ name: 'IMAGE_DIGEST', value: `sha256:${createHash('sha256').update(id).digest('hex')}` }],
  });
  const protocol = jsonProtocol(['codebuild'], {
    StartBuild: (input) => ({ build: { ...shown(`${text(input, 'projectName')}:${crypto.randomUUID()}`), buildStatus: 'IN_PROGRESS', buildComplete: false } }),
    BatchGetBuilds(input) {
      const ids = input['ids'];
      if (!Array.isArray(ids) || ids.length === 0) throw new AwsError('InvalidInputException', 'ids: at least one');
      return { builds: ids.map((id) => shown(String(id))), buildsNotFound: [] };
    },
  });
  return { ...protocol, close: () => Promise.resolve() };
}
