import { coordinates, countryCode, timeOfMilliseconds, timeOfSeconds, timeOfText, Unreadable, type Coordinates, type Fields } from '../convert/index.ts';
import { placeOf, reader, text, then, type Path, type Read } from './read.ts';

/** ISO 8601 or RFC 2822; `zone` (IANA) for text that names none. */
export const time = (path: Path | readonly Path[], zone?: string): Read<string> =>
  reader(typeof path === 'string' ? [path] : path, ({ holder, key }, { now }) => {
    const found = holder.text(key);
    return found === undefined ? undefined : timeOfText(found, holder.path(key), { now, ...(zone === undefined ? {} : { zone }) });
  });

/** The latest time that `read` finds in any of some objects: when something changed that is told by its parts. */
export const latest = (of: (fields: Fields) => readonly Fields[], read: Read<string>): Read<string> => (fields, scope) =>
  of(fields).map((one) => read(one, scope)).reduce((best, one) => (best === undefined || (one !== undefined && Date.parse(one) > Date.parse(best)) ? one : best), undefined);

const counted = (paths: readonly Path[], make: typeof timeOfSeconds): Read<string> =>
  reader(paths, ({ holder, key }, { now }) => {
    const found = holder.integer(key);
    return found === undefined ? undefined : make(found, holder.path(key), now);
  });

/** Seconds since 1970. */
export const seconds = (...paths: readonly Path[]): Read<string> => counted(paths, timeOfSeconds);

/** Milliseconds since 1970. */
export const milliseconds = (...paths: readonly Path[]): Read<string> => counted(paths, timeOfMilliseconds);

export const country = (...paths: readonly Path[]): Read<string> => then(text(...paths), countryCode);

/** Degrees under two names. */
export const latitudeLongitude = (latitude: Path, longitude: Path): Read<Coordinates> => {
  const [lat, lng] = [latitude.split('.'), longitude.split('.')];
  return (fields) => {
    const [one, other] = [placeOf(fields, lat), placeOf(fields, lng)];
    return one && other && coordinates(one.holder.raw(one.key), other.holder.raw(other.key), one.holder.path());
  };
};

/** Degrees in a list, longitude first, as GeoJSON has them. */
export const longitudeLatitude = (path: Path): Read<Coordinates> =>
  reader([path], ({ holder, key }) => {
    const pair = holder.raw(key);
    if (pair === undefined) return undefined;
    if (!Array.isArray(pair) || (pair.length !== 2 && pair.length !== 0)) throw new Unreadable('position', holder.path(key), 'must be a list of longitude and latitude');
    return coordinates(pair[1], pair[0], holder.path(key));
  });
