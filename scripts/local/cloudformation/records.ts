/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
export type Status =
  | `${'CREATE' | 'UPDATE' | 'DELETE' | 'ROLLBACK' | 'UPDATE_ROLLBACK'}_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED'}`
  | `UPDATE_${'' | 'ROLLBACK_'}COMPLETE_CLEANUP_IN_PROGRESS` | 'REVIEW_IN_PROGRESS' | 'DELETE_SKIPPED';

export interface Output { readonly key: string; readonly value: string; readonly description?: string; readonly exportName?: string }
export interface Tag { readonly Key: string; readonly Value: string }

/** What a caller gives to make or change a stack; kept whole, so that an update can go back to it. */
export interface StackInput {
  /** As given: JSON or YAML. */
  readonly templateBody: string;
  /** Values given; defaults are the template's. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What the stack works with: defaults filled in, names of SSM parameters replaced by their values. */
  readonly resolved: Readonly<Record<string, string | readonly string[]>>;
  readonly tags: readonly Tag[];
  readonly capabilities: readonly string[];
  readonly notificationArns: readonly string[];
  readonly roleArn?: string;
}

export interface StackRecord {
  readonly id: string;
  readonly name: string;
  status: Status;
  reason?: string | undefined;
  readonly createdAt: number;
  updatedAt?: number;
  deletedAt?: number;
  input: StackInput;
  /** What the update under way replaces; gone once it is settled. */
  previous?: { readonly input: StackInput; readonly outputs: readonly Output[]; readonly imports: readonly string[] } | undefined;
  outputs: readonly Output[];
  /** Exports of other stacks that its values were made from. */
  imports: readonly string[];
  onFailure: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';
  terminationProtection: boolean;
  policy?: string;
  token?: string | undefined;
  /** Folder of the package that the stack was made from; none for one that came through the API. */
  packageDir?: string | undefined;
}

export interface ResourceRecord {
  readonly logicalId: string;
  readonly type: string;
  /** What Ref answers; empty until it is known. */
  readonly physicalId: string;
  readonly status: Status;
  readonly reason?: string;
  readonly at: number;
  /** Resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** What GetAtt could ask of it when it was made or changed. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
  /** Logical ids that it needs. */
  readonly dependsOn: readonly string[];
  /** As it was before the operation under way; `null` = was not there; absent = not touched. */
  readonly previous?: ResourceVersion | null;
  /** Another physical resource that a failed update made in its place: to be removed. */
  readonly superseded?: ResourceVersion;
}

export type ResourceVersion = Omit<ResourceRecord, 'previous' | 'superseded'>;

export interface StackEvent {
  readonly id: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly at: number;
  readonly status: Status;
  readonly reason?: string | undefined;
  readonly properties?: string | undefined;
  readonly token?: string | undefined;
}

export interface Change {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly physicalId?: string;
  readonly type: string;
  readonly replacement?: 'True' | 'False' | 'Conditional';
  /** Properties that differ. */
  readonly properties: readonly string[];
}

export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly description?: string | undefined;
  readonly createdAt: number;
  readonly status: 'CREATE_COMPLETE' | 'FAILED';
  readonly reason?: string | undefined;
  readonly executionStatus: 'AVAILABLE' | 'UNAVAILABLE' | 'EXECUTE_COMPLETE' | 'OBSOLETE';
  readonly input: StackInput;
  readonly changes: readonly Change[];
}

export const isLive = (stack: StackRecord): boolean => stack.status !== 'DELETE_COMPLETE';
/** Removed, or left behind because its policy says so. */
export const isGone = (resource: Pick<ResourceRecord, 'status'>): boolean => resource.status === 'DELETE_COMPLETE' || resource.status === 'DELETE_SKIPPED';
export const isBusy = (stack: StackRecord): boolean => stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS';
