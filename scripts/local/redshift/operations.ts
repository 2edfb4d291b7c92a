import { AwsError, type AwsRequest, type JsonOperation } from '../service.ts';
import { catalogOperations } from './catalog.ts';
import { fingerprint, invalid, parameters, statementId, statements, target, text, waitMs, whole, type Input } from './request.ts';
import { resultOperations } from './result-operations.ts';
import type { Runner } from './runner.ts';
import { dayMs, hasEnded, type Statement, type StatementLog, type SubStatement } from './statement-log.ts';
import { described, hasResultSet, listed } from './views.ts';

export interface OperationParts {
  readonly log: StatementLog;
  readonly runner: Runner;
  readonly query: Parameters<typeof catalogOperations>[0];
  readonly clock: () => number;
  readonly newId: () => string;
  /** Database user of an access key. */
  readonly userOf: (accessKeyId: string) => string;
}

/** STARTED and SUBMITTED statements at a time (https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-calling-considerations). */
const mostActive = 500;

/** Operations of the Data API; their limits are those of its service model and quotas. */
export function operationsOf({ log, runner, query, clock, newId, userOf }: OperationParts): Record<string, JsonOperation> {
  const find = (id: string, number?: number): Statement => {
    const statement = log.get(id);
    const expired = statement !== undefined && hasEnded(statement) && statement.createdAt < clock() - dayMs;
    if (!statement || expired || (number !== undefined && (!statement.batch || !statement.parts[number - 1]))) {
      throw new AwsError('ResourceNotFoundException', 'Query does not exist.', 400, { ResourceId: id });
    }
    return statement;
  };

  const ended = async (id: string, milliseconds: number): Promise<void> => {
    const run = runner.running(id);
    if (!run) return;
    run.polled();
    if (milliseconds === 0) return;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([run.done, new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)))]);
    clearTimeout(timer);
  };

  /** Of the same request as before when the token is known. @throws AwsError when it was another one */
  const known = (token: string | undefined, request: string): string | undefined => {
    const before = token === undefined ? undefined : log.byToken(token, clock());
    if (before && before.request !== request) throw invalid('The client token has been used with different parameters within the last 8 hours');
    return before?.id;
  };

  const take = async (input: Input, batch: boolean, { accessKeyId }: AwsRequest): Promise<unknown> => {
    const workgroup = target(input);
    if (input['SessionId'] !== undefined || input['SessionKeepAliveSeconds'] !== undefined) throw invalid('the local warehouse has no sessions: leave out SessionId and SessionKeepAliveSeconds');
    const wait = waitMs(input);
    const sqls = statements(input, batch);
    const name = text(input, 'StatementName', { most: 2_048 });
    const format = (text(input, 'ResultFormat', { oneOf: ['JSON', 'CSV'] }) ?? 'JSON') as 'JSON' | 'CSV';
    const mode = text(input, 'ExecutionMode', { oneOf: ['TRANSACTION', 'AUTO_COMMIT'] }) ?? 'TRANSACTION';
    const token = text(input, 'ClientToken', { least: 1, most: 64 });
    const bound = parameters(input, sqls);
    const request = fingerprint(input, sqls);
    let id = known(token, request);
    if (id === undefined) {
      if (runner.active() >= mostActive) throw new AwsError('ActiveStatementsExceededException', `Active statements exceeded the allowed quota (${mostActive}).`);
      const now = clock();
      const part = (sql: string): SubStatement => ({ sql, state: 'SUBMITTED', durationNs: -1, rows: -1, bytes: -1, queryId: log.nextQueryId(), updatedAt: now });
      id = newId();
      runner.submit({
        id, batch, transaction: batch && mode === 'TRANSACTION', name, user: userOf(accessKeyId), caller: accessKeyId, workgroup, format, withEvent: input['WithEvent'] === true,
        createdAt: now, updatedAt: now, state: 'SUBMITTED', durationNs: -1, pid: 0, parameters: bound, parts: sqls.map(part),
      }, token, request);
    }
    if (wait > 0) await ended(id, wait);
    const statement = find(id);
    return {
      Id: id, CreatedAt: statement.createdAt / 1_000, Database: 'orderflow', WorkgroupName: workgroup, DbUser: statement.user, DbGroups: [],
      Status: statement.state, HasResultSet: hasResultSet(statement), RedshiftPid: statement.pid,
    };
  };

  return {
    ExecuteStatement: (input, request) => take(input, false, request),
    BatchExecuteStatement: (input, request) => take(input, true, request),
    async DescribeStatement(input) {
      const { id, number } = statementId(input);
      find(id, number);
      await ended(id, waitMs(input));
      return described(find(id), number);
    },
    ListStatements(input, { accessKeyId }) {
      const state = text(input, 'Status', { oneOf: ['SUBMITTED', 'PICKED', 'STARTED', 'FINISHED', 'ABORTED', 'FAILED', 'ALL'] });
      const name = text(input, 'StatementName', { most: 2_048 });
      const workgroup = text(input, 'WorkgroupName');
      if (input['ClusterIdentifier'] !== undefined) throw invalid('the local warehouse is a serverless workgroup: give WorkgroupName, not ClusterIdentifier');
      const most = whole(input, 'MaxResults', 0, 100) || 100;
      const after = text(input, 'NextToken');
      const last = after === undefined ? undefined : log.get(after);
      if (after !== undefined && !last) throw invalid('Invalid NextToken');
      const mine = (one: Statement): boolean => (input['RoleLevel'] === false ? one.caller === accessKeyId : one.user === userOf(accessKeyId));
      const found: Statement[] = [];
      for (const one of log.recent(last)) {
        if (!mine(one) || (state !== undefined && state !== 'ALL' && one.state !== state) || (name !== undefined && !(one.name ?? '').startsWith(name))) continue;
        if (workgroup !== undefined && one.workgroup !== workgroup) continue;
        if (found.push(one) > most) break;
      }
      const page = found.slice(0, most);
      return { Statements: page.map(listed), ...(found.length > most && { NextToken: page.at(-1)?.id }) };
    },
    async CancelStatement(input) {
      const { id, number } = statementId(input);
      const statement = find(id, number);
      if (number !== undefined) throw invalid('A statement of a batch cannot be cancelled by itself: give the identifier of the batch');
      const run = runner.running(id);
      if (!run || hasEnded(statement)) throw invalid(`Could not cancel a query that is already in ${statement.state} state with ID: ${id}`);
      await run.cancel();
      return { Status: true };
    },
    ...resultOperations({ log, find, ended }),
    ...catalogOperations(query),
  };
}
