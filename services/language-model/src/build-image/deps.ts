import { setTimeout as pause } from 'node:timers/promises';
import { BatchGetBuildsCommand, CodeBuildClient, StartBuildCommand } from '@aws-sdk/client-codebuild';
import type { Tools } from '@orderflow/shared/lambda';
import type * as z from 'zod/mini';
import type { env } from './env.ts';
import type { BuildImage, Build } from './handle.ts';

export function deps(variables: z.output<typeof env>, tools: Tools): BuildImage {
  const codeBuild = new CodeBuildClient({});
  return {
    ...tools,
    async start(token) {
      const { build } = await codeBuild.send(new StartBuildCommand({ projectName: variables.BUILD_PROJECT, idempotencyToken: token }));
      if (build?.id === undefined) throw new Error('CodeBuild started nothing');
      return build.id;
    },
    async look(id): Promise<Build> {
      const { builds } = await codeBuild.send(new BatchGetBuildsCommand({ ids: [id] }));
      const build = builds?.[0];
      const failed = build?.phases?.find(({ phaseStatus }) => phaseStatus !== undefined && phaseStatus !== 'SUCCEEDED');
      return {
        status: build?.buildStatus ?? 'IN_PROGRESS',
        digest: build?.exportedEnvironmentVariables?.find(({ name }) => name === 'IMAGE_DIGEST')?.value,
        phase: failed?.phaseType,
        log: build?.logs?.deepLink,
      };
    },
    pause: (milliseconds) => pause(milliseconds),
    async reply(url, body) {
      const answer = await fetch(url, { method: 'PUT', body: JSON.stringify(body), headers: { 'content-type': '' } });
      if (!answer.ok) throw new Error(`CloudFormation did not take the answer: ${answer.status}`);
    },
  };
}
