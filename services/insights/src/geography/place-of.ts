import { iso1A2Code } from '@rapideditor/country-coder';
import { latLngToCell } from 'h3-js';
import type { RegionOf } from './regions.ts';

/** What lies at a position. */
export interface Place {
  /** ISO 3166-1 alpha-2; null on the open sea. */
  readonly country: string | null;
  /** First-level region, English name. */
  readonly region: string | null;
  /** H3 cell of resolution 5 (some 250 km²), and of resolution 3 (some 12,000 km²) around it: https://h3geo.org/docs/core-library/restable. */
  readonly cell: string | null;
  readonly coarse: string | null;
}
export type PlaceOf = (latitude: number, longitude: number) => Place;

const nowhere: Place = { country: null, region: null, cell: null, coarse: null };

/** By degrees north and east; what is no position lies nowhere, nor does 0, 0: a device says so that does not know. */
export const placesWith = (regionOf: RegionOf): PlaceOf => (latitude, longitude) => {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) || (latitude === 0 && longitude === 0)) return nowhere;
  const country = iso1A2Code([longitude, latitude], { level: 'territory' });
  return { country, region: country === null ? null : regionOf(country, latitude, longitude), cell: latLngToCell(latitude, longitude, 5), coarse: latLngToCell(latitude, longitude, 3) };
};
