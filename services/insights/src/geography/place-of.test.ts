import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { placesWith } from './place-of.ts';
import { regionsFrom } from './regions.ts';

const placeOf = placesWith(regionsFrom(readFileSync('services/insights/regions/regions.json.gz')));

it.each([
  ['Munich', 48.137, 11.575, 'DE', 'Bavaria'], ['Fresno', 36.7468, -119.7726, 'US', 'California'], ['Vancouver', 49.26, -123.11, 'CA', 'British Columbia'], ['Sydney', -33.87, 151.21, 'AU', 'New South Wales'],
  ['Edinburgh', 55.95, -3.19, 'GB', 'Scotland'], ['Suva, by the date line', -18.14, 178.44, 'FJ', 'Central'], ['São Paulo', -23.55, -46.63, 'BR', 'São Paulo'],
])('%s', (_, latitude, longitude, country, region) => {
  expect(placeOf(latitude, longitude)).toMatchObject({ country, region });
});

it('knows no country on the open sea, and nothing of what is no position', () => {
  expect(placeOf(-40, -120)).toMatchObject({ country: null, region: null, cell: expect.stringMatching(/^85/) as unknown });
  for (const [latitude, longitude] of [[0, 0], [91, 0], [0, 181], [Number.NaN, 1], [1, Infinity]] as const) expect(placeOf(latitude, longitude)).toEqual({ country: null, region: null, cell: null, coarse: null });
});

it('has a cell and one around it for every position', () => {
  fc.assert(fc.property(fc.double({ min: -90, max: 90, noNaN: true }), fc.double({ min: -180, max: 180, noNaN: true }), (latitude, longitude) => {
    fc.pre(latitude !== 0 || longitude !== 0);
    expect(placeOf(latitude, longitude)).toMatchObject({ cell: expect.stringMatching(/^85[0-9a-f]{13}$/) as unknown, coarse: expect.stringMatching(/^83[0-9a-f]{13}$/) as unknown });
  }), { numRuns: 200 });
});
