import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud } from '../testing/cloud-process.ts';
import { writePackage } from '../testing/fixture-package.ts';
import { otherEndpoint } from './env.ts';

/** What a conformance suite talks to. */
export interface ConformanceTarget {
  /** For the constructor of any SDK client. */
  readonly client: { readonly endpoint: string; readonly region: string; readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } };
  /** It is our own local cloud: its admin calls exist too. */
  readonly own: boolean;
  /** Name that no other run has used, for resources. */
  unique(name: string): string;
  close(): Promise<void>;
}

const ROOT = join(__dirname, '../../..');

/** A local cloud of the suite's own, or, where `ORDERFLOW_CONFORMANCE_ENDPOINT` names one, another implementation. */
export async function conformanceTarget(): Promise<ConformanceTarget> {
  const suffix = Date.now().toString(36);
  let made = 0;
  const unique = (name: string): string => `${name}-${suffix}-${(made += 1)}`;
  const client = (endpoint: string): ConformanceTarget['client'] => ({ endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  const other = otherEndpoint();
  if (other !== undefined) return { client: client(other), own: false, unique, close: () => Promise.resolve() };
  const folder = mkdtempSync(join(tmpdir(), 'orderflow-conformance-'));
  writePackage(join(folder, 'packages'), 'empty', {}, { Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'conformance' } } }); // a template has at least one resource
  const cloud = await startCloud(ROOT, join(folder, 'data'), join(folder, 'packages'));
  return {
    client: client(cloud.endpoint),
    own: true,
    unique,
    async close() {
      await cloud.stop('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
