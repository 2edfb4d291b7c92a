import { gunzipSync } from 'node:zlib';

/** Region of a position in a country: that of the nearest city. English name; null where the country has none. */
export type RegionOf = (country: string, latitude: number, longitude: number) => string | null;

interface Country {
  readonly regions: readonly string[];
  readonly points: string;
}

/**
 * Reads regions/regions.json.gz. A country is unpacked when it is first asked for; its cities are gone through one by one: the
 * largest has 17,000, some 20 µs, and a span has few positions that are new.
 */
export function regionsFrom(packed: Uint8Array): RegionOf {
  const countries = JSON.parse(gunzipSync(packed).toString('utf8')) as Readonly<Record<string, Country>>;
  const unpacked = new Map<string, Int16Array>();
  return (country, latitude, longitude) => {
    const known = Object.hasOwn(countries, country) ? countries[country] : undefined;
    if (known === undefined) return null;
    let points = unpacked.get(country);
    if (points === undefined) {
      const bytes = Buffer.from(known.points, 'base64');
      points = new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
      unpacked.set(country, points);
    }
    // degrees of longitude are shorter away from the equator; across the date line the short way
    const narrowing = Math.cos((latitude * Math.PI) / 180);
    let [nearest, least] = [-1, Infinity];
    for (let at = 0; at < points.length; at += 3) {
      const up = (points[at] ?? 0) / 100 - latitude;
      if (up * up >= least) continue;
      let along = Math.abs((points[at + 1] ?? 0) / 100 - longitude);
      if (along > 180) along = 360 - along;
      along *= narrowing;
      const distance = up * up + along * along;
      if (distance < least) [nearest, least] = [points[at + 2] ?? -1, distance];
    }
    return known.regions[nearest] ?? null;
  };
}
