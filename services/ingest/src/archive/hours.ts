const hourMs = 3_600_000;

/** The folder of the hour in which `at` (milliseconds since 1970) lies: `2026/11/22/12`, UTC. */
export const hourOf = (at: number): string => new Date(at).toISOString().slice(0, 13).replace(/[-T]/g, '/');

/** When the hour of a folder begins, milliseconds since 1970. @throws RangeError when it is no hour */
export function startOfHour(hour: string): number {
  const [, year, month, day, hours] = /^(\d{4})\/(\d{2})\/(\d{2})\/(\d{2})$/.exec(hour) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hours}:00:00Z`);
  if (Number.isNaN(at) || hourOf(at) !== hour) throw new RangeError(`${hour} is not an hour: write it as 2026/11/22/12`);
  return at;
}

/** The folders from the hour of `from` to that of `to`, both included. A delivery may lie in the folder before its own
 * time by as long as an object stays open (a second), and an object comes up to ten minutes after its folder's hour. */
export function hoursBetween(from: number, to: number): string[] {
  const hours: string[] = [];
  for (let at = Math.floor(from / hourMs) * hourMs; at <= to; at += hourMs) hours.push(hourOf(at));
  return hours;
}
