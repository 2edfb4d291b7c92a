import { Unreadable } from './unreadable.ts';

export interface Coordinates {
  readonly latitude: number;
  readonly longitude: number;
}

const degrees = (value: unknown, most: number, path: string): number => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new Unreadable('position', path, 'is no number of degrees');
  if (Math.abs(number) > most) throw new Unreadable('position', path, `is outside ±${most} degrees`);
  return number;
};

const absent = (value: unknown): boolean => value === undefined || value === null || value === '';

/** WGS 84 degrees, numbers or text. Absent, or 0,0 (what software writes for "unknown") → undefined. */
export function coordinates(latitude: unknown, longitude: unknown, path: string): Coordinates | undefined {
  if (absent(latitude) || absent(longitude)) return undefined;
  const at = {
    latitude: degrees(latitude, 90, `${path}.latitude`),
    longitude: degrees(longitude, 180, `${path}.longitude`),
  };
  return at.latitude === 0 && at.longitude === 0 ? undefined : at;
}
