// The data services alone in a process, for the test that kills it: `node data-services-process.ts <data-dir>`.
import { startDataServices } from './data-services.ts';

const services = await startDataServices({ dataDir: process.argv[2] ?? '', port: 0, mailPort: 0, codeDir: import.meta.dirname });
process.send?.({ port: services.ports.aws, endpoints: services.endpoints });
process.on('disconnect', () => void services.close().then(() => process.exit()));
