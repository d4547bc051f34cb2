/**
 * The version of the time zone data that this process computes hours with, such as `2025c`. Openings that were written with
 * another one are computed again.
 */
export function zoneDataVersion(): string {
  // Absent when Node was built without its own data: then the version of the library that brings it stands in.
  return process.versions['tz'] ?? `icu ${process.versions['icu'] ?? 'unknown'}`;
}
