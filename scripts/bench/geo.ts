import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { iso1A2Code } from '@rapideditor/country-coder';
import { latLngToCell } from 'h3-js';
import { placesWith } from '../../services/insights/src/geography/place-of.ts';
import { regionsFrom } from '../../services/insights/src/geography/regions.ts';
import { seeded } from '../../services/insights/src/segments/k-means.ts';

interface City { readonly country: string; readonly region: string; readonly latitude: number; readonly longitude: number }

/** Every city of the file. */
function citiesOf(packed: Uint8Array): City[] {
  const countries = JSON.parse(gunzipSync(packed).toString('utf8')) as Readonly<Record<string, { regions: string[]; points: string }>>;
  return Object.entries(countries).flatMap(([country, { regions, points }]) => {
    const bytes = Buffer.from(points, 'base64');
    return Array.from({ length: bytes.length / 6 }, (_, at) => ({ country, latitude: bytes.readInt16LE(6 * at) / 100, longitude: bytes.readInt16LE(6 * at + 2) / 100, region: regions[bytes.readInt16LE(6 * at + 4)] ?? '' }));
  });
}

/** The file without some of its cities. */
function without(packed: Uint8Array, left: ReadonlySet<string>): string {
  const countries = JSON.parse(gunzipSync(packed).toString('utf8')) as Record<string, { regions: string[]; points: string }>;
  for (const [country, of] of Object.entries(countries)) {
    const bytes = Buffer.from(of.points, 'base64');
    of.points = Buffer.concat(Array.from({ length: bytes.length / 6 }, (_, at) => bytes.subarray(6 * at, 6 * at + 6)).filter((one) => !left.has(`${country} ${one.readInt16LE(0)} ${one.readInt16LE(2)}`))).toString('base64');
  }
  return JSON.stringify(countries);
}


/** Microseconds of a lookup, and how many of 4,000 cities that the file was not told of lie in the region that it says. */
export async function geo(root: string, say: (line: string) => void): Promise<Record<string, number>> {
  const packed = readFileSync(join(root, 'services/insights/regions/regions.json.gz'));
  const cities = citiesOf(packed);
  const random = seeded(7);
  const drawn = Array.from({ length: 4_000 }, () => cities[Math.floor(random() * cities.length)] as City);
  const key = ({ country, latitude, longitude }: City): string => `${country} ${Math.round(latitude * 100)} ${Math.round(longitude * 100)}`;
  const heldOut = regionsFrom(gzipSync(without(packed, new Set(drawn.map(key)))));
  const placeOf = placesWith(regionsFrom(packed));
  const timed = (work: (city: City) => unknown): number => {
    for (const city of drawn) work(city);
    const begun = performance.now();
    for (const city of drawn) work(city);
    return Number(((1_000 * (performance.now() - begun)) / drawn.length).toFixed(1));
  };
  const share = (right: (city: City) => boolean): number => Number(((100 * drawn.filter(right).length) / drawn.length).toFixed(2));
  say(`${cities.length} cities; 4,000 of them drawn`);
  return {
    'country µs': timed(({ latitude, longitude }) => iso1A2Code([longitude, latitude], { level: 'territory' })),
    'cell µs': timed(({ latitude, longitude }) => latLngToCell(latitude, longitude, 5)),
    'country, region and cells µs': timed(({ latitude, longitude }) => placeOf(latitude, longitude)),
    'country right %': share(({ country, latitude, longitude }) => iso1A2Code([longitude, latitude], { level: 'territory' }) === country),
    'region right % of cities held out': share(({ country, region, latitude, longitude }) => heldOut(country, latitude, longitude) === region),
    'region right % of cities it knows': share(({ region, latitude, longitude }) => placeOf(latitude, longitude).region === region),
  };
}
