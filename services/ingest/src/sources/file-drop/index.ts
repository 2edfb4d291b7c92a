import type { SourceDefinition } from '../definition.ts';
import { toEvents } from '../canonical/to-events.ts';

/**
 * Files on S3: JSON lines hold one canonical event a line (read here), CSV goes through a column mapping
 * (`take-file/csv`). Not over HTTP: who may put an object into the intake bucket is decided by IAM.
 */
export const source: SourceDefinition = {
  name: 'file-drop',
  title: 'CSV and JSON lines on S3',
  kind: 'generic',
  verified: true,
  verify: 'not-http',
  topic: { always: 'lines' },
  delivery: [],
  routes: { sells: { lines: 'order.created' } },
  mostBytes: 10_000_000,
  toEvents,
};
