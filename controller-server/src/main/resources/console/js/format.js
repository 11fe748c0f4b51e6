const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function bytes(count) {
  let unit = 0;
  let value = count;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

export function duration(ms) {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}

export function time(ms) {
  if (ms === 0) return 'before the start';
  const at = new Date(ms);
  const sameDay = at.toDateString() === new Date().toDateString();
  return sameDay ? at.toLocaleTimeString() : at.toLocaleString();
}

export const set = (ids) => `{${ids.join(', ')}}`;

export const count = (number) => number.toLocaleString('en');

/** How far a replica is behind, or an empty text. */
export function lag(replica) {
  if (replica.lagMs) return duration(replica.lagMs);
  if (replica.lagBytes) return bytes(replica.lagBytes);
  return '';
}
