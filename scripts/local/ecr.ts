import { AwsError, jsonProtocol, type LocalService } from './service.ts';

/**
 * ECR, as far as the framework asks for it: no images are kept here, so a named repository is not found. Repositories of
 * templates are inert.
 */
export function ecrService(accountId: string): LocalService {
  const missing = (name: unknown): AwsError => new AwsError('RepositoryNotFoundException', `The repository with name '${String(name)}' does not exist in the registry with id '${accountId}'`);
  const protocol = jsonProtocol(['ecr'], {
    DescribeRepositories(input) {
      const [name] = (input['repositoryNames'] ?? []) as string[];
      if (name !== undefined) throw missing(name);
      return { repositories: [] };
    },
    DeleteRepository(input) {
      throw missing(input['repositoryName']);
    },
  });
  return { ...protocol, close: () => Promise.resolve() };
}
