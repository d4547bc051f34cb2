export interface MigrateOptions {
  /** The folder of migrations; `prisma/migrations` of the project unless given. */
  dir?: string;
  log?: (message: string) => void;
}

/**
 * Brings the database at `url` to the newest migration and returns the names applied now, oldest first. Makes the
 * database if there is none. Safe to repeat and to run from several processes at once. Throws when a migration fails, or
 * failed earlier and was not resolved.
 */
export function migrate(url: string, options?: MigrateOptions): Promise<string[]>;
