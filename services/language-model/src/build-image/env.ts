import * as z from 'zod/mini';

export const env = z.object({
  /** Name of the CodeBuild project that builds the image. */
  BUILD_PROJECT: z.string(),
});
