/**
 * What people decided about returns, as cases for training and evaluation (services/language-model/training):
 *   npm run export-training -- [--from DAY] [--to DAY] [--out FILE] [--stage S] [--port-base B]
 * Without personal data, as far as it can be recognised: read before you share it.
 */
import { writeFileSync } from 'node:fs';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { warehouseReader } from '@orderflow/shared/aws';
import { exportTraining } from './export-training/export.ts';
import { parseOptions } from './export-training/options.ts';

const options = parseOptions(process.argv.slice(2), Date.now(), process.env);
if (typeof options === 'string') {
  process.stderr.write(`${options}\n`);
  process.exitCode = 2;
} else {
  process.exitCode = await exportTraining(options, {
    warehouse: warehouseReader(new RedshiftDataClient(options.client), { workgroup: `orderflow-${options.stage}`, database: 'orderflow' }, 120_000),
    out: (line) => void process.stdout.write(`${line}\n`),
    note: (line) => void process.stderr.write(`${line}\n`),
    write: (file, text) => writeFileSync(file, text),
  });
}
