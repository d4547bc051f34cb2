export type TemporalProgramName = 'cli' | 'test';

export interface TemporalProgram {
  path: string;
  /** Where it was found: a variable's name, 'PATH', 'cache', or what fetched it. */
  from: string;
}

/** Without the network; undefined when only the network could help. Throws when the variable names nothing that runs. */
export function findTemporalProgram(which: TemporalProgramName): TemporalProgram | undefined;

/** Finds it, else fetches it into the project's cache. Throws an error that names every way. */
export function fetchTemporalProgram(
  which: TemporalProgramName,
  options?: { log?: (message: string) => void },
): Promise<TemporalProgram>;

/** Whether a `temporal` on PATH may be used, from what `temporal --version` printed: a release 1.x, 1.4.0 or newer. */
export function isFittingCliVersion(versionOutput: string): boolean;
