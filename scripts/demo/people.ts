import type { Random } from './random.ts';

/** Everybody here is made up: names from a list, addresses below example.com, numbers from the ranges kept for fiction. */
export interface Person {
  readonly id: string;
  readonly first: string;
  readonly last: string;
  readonly email: string;
  readonly phone: string;
  readonly street: string;
  readonly place: Place;
  readonly latitude: number;
  readonly longitude: number;
  /** ISO day. */
  readonly dateOfBirth: string;
  readonly joinedAt: string;
}

export interface Place {
  readonly city: string;
  readonly state: string;
  readonly country: string;
  readonly postalCode: string;
  readonly latitude: number;
  readonly longitude: number;
}

const place = (city: string, state: string, country: string, postalCode: string, latitude: number, longitude: number): Place =>
  ({ city, state, country, postalCode, latitude, longitude });

export const places: readonly Place[] = [
  place('London', 'ENG', 'GB', 'EC1A 1BB', 51.5074, -0.1278), place('Manchester', 'ENG', 'GB', 'M1 1AE', 53.4808, -2.2426),
  place('Edinburgh', 'SCT', 'GB', 'EH1 1YZ', 55.9533, -3.1883), place('Dublin', 'L', 'IE', 'D02 X285', 53.3498, -6.2603),
  place('Berlin', 'BE', 'DE', '10115', 52.52, 13.405), place('Hamburg', 'HH', 'DE', '20095', 53.5511, 9.9937),
  place('Paris', 'IDF', 'FR', '75001', 48.8566, 2.3522), place('Lyon', 'ARA', 'FR', '69001', 45.764, 4.8357),
  place('Madrid', 'MD', 'ES', '28001', 40.4168, -3.7038), place('Milano', 'MI', 'IT', '20121', 45.4642, 9.19),
  place('New York', 'NY', 'US', '10001', 40.7128, -74.006), place('Chicago', 'IL', 'US', '60601', 41.8781, -87.6298),
  place('Austin', 'TX', 'US', '73301', 30.2672, -97.7431), place('San Francisco', 'CA', 'US', '94102', 37.7749, -122.4194),
  place('Osaka', 'Osaka', 'JP', '530-0001', 34.6937, 135.5023), place('Tokyo', 'Tokyo', 'JP', '100-0001', 35.6762, 139.6503),
  place('Sydney', 'NSW', 'AU', '2000', -33.8688, 151.2093), place('São Paulo', 'SP', 'BR', '01000-000', -23.5505, -46.6333),
];

const firsts = ['Ada', 'Ben', 'Chloé', 'Dmitri', 'Élise', 'Farid', 'Grace', 'Hana', 'Ivo', 'Jana', 'Kofi', 'Lena', 'Marta', 'Nils', 'Oona', 'Priya', 'Quinn', 'Rosa', 'Søren', 'Tariq', 'Uma', 'Vera', 'Wen', 'Yuki', 'Zoë'] as const;
const lasts = ['Abbott', 'Brandt', 'Castillo', 'Dubois', 'Eriksen', 'Fontaine', 'Garcia', 'Hughes', 'Ito', 'Jansen', 'Keller', 'Lindqvist', 'Moreau', 'Novak', 'O’Brien', 'Petrov', 'Ramos', 'Sato', 'Tanaka', 'Usman', 'Vogel', 'Walsh', 'Young', 'Ziegler'] as const;
const streets = ['Mill Lane', 'Station Road', 'Orchard Street', 'Harbour View', 'Linden Avenue', 'Church Walk'] as const;

/** Customer number `n` of a demo world: always the same person for the same seed. */
export function person(random: (...words: (string | number)[]) => Random, n: number): Person {
  const r = random('person', n);
  const first = r.pick(firsts);
  const last = r.pick(lasts);
  const home = r.pick(places);
  const plain = `${first}.${last}`.normalize('NFD').replace(/[^A-Za-z.]/g, '').toLowerCase();
  return {
    id: `c-${n}`,
    first,
    last,
    email: `${plain}.${n}@example.com`,
    phone: `+1555010${String(n % 100).padStart(2, '0')}`,
    street: `${r.whole(1, 180)} ${r.pick(streets)}`,
    place: home,
    // within some 5 km of the centre
    latitude: Number((home.latitude + (r.next() - 0.5) * 0.09).toFixed(6)),
    longitude: Number((home.longitude + (r.next() - 0.5) * 0.09).toFixed(6)),
    dateOfBirth: `${r.whole(1948, 2005)}-${String(r.whole(1, 12)).padStart(2, '0')}-${String(r.whole(1, 28)).padStart(2, '0')}`,
    joinedAt: `20${r.whole(18, 25)}-0${r.whole(1, 9)}-${r.whole(10, 28)}T09:00:00Z`,
  };
}
