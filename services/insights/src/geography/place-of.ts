import { iso1A2Code } from '@rapideditor/country-coder';
import { latLngToCell } from 'h3-js';

/** What lies at a position. */
export interface Place {
  /** ISO 3166-1 alpha-2; null on the open sea. */
  readonly country: string | null;
  readonly region: string | null;
  /** H3 cell of resolution 5 (some 250 km²), and of resolution 3 (some 12,000 km²) around it: https://h3geo.org/docs/core-library/restable. */
  readonly cell: string | null;
  readonly coarse: string | null;
}

const nowhere: Place = { country: null, region: null, cell: null, coarse: null };

/** @param latitude degrees north @param longitude degrees east; what is no position lies nowhere */
export function placeOf(latitude: number, longitude: number): Place {
  // 0, 0 is what a device says that does not know
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) || (latitude === 0 && longitude === 0)) return nowhere;
  return { country: iso1A2Code([longitude, latitude]), region: null, cell: latLngToCell(latitude, longitude, 5), coarse: latLngToCell(latitude, longitude, 3) };
}
