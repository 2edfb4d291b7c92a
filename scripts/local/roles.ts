import type { Role, RoleBook } from './cloudformation/resource.ts';

/** Roles of the deployed templates, and which access key acts for which. Kept for the access rules; nothing is refused here yet. */
export function createRoleBook(): RoleBook {
  const roles = new Map<string, Role>();
  const keys = new Map<string, string>();
  return {
    set: (arn, role) => void roles.set(arn, role),
    assign: (accessKeyId, roleArn) => void keys.set(accessKeyId, roleArn),
    all: () => [...roles].map(([arn, role]) => ({ arn, role })),
    roleOf: (accessKeyId) => keys.get(accessKeyId),
  };
}
