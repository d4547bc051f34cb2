export interface DevDbOptions {
  /** The data folder, made at first use; `.data/pg` of the project unless given. */
  dir?: string;
  /** 'dialwright' unless given; made if it is missing. */
  database?: string;
  /** A free port unless given. */
  port?: number;
  /** PostgreSQL settings, such as { fsync: 'off' }. */
  settings?: Record<string, string | number>;
  /** Leave the server running when this process ends: the next start with this folder adopts it. */
  keep?: boolean;
  /** Ways of running as root to leave out ('userns', 'setpriv', 'setuid'); for trying the others. */
  avoid?: string[];
}

export interface DevDb {
  url: string;
  /** The same server, database `postgres`. */
  adminUrl: string;
  port: number;
  pid: number;
  /** True when the server was left by a parent that died. */
  adopted: boolean;
  how: string;
  /** Stops the server, an adopted one too. Safe to repeat. */
  stop(): Promise<void>;
}

/**
 * Starts, or adopts, the PostgreSQL server of a folder, on 127.0.0.1 only. It stops with this process unless `keep`.
 * Starting again on the same folder and port after `kill -9` of the server works.
 */
export function startDevDb(options?: DevDbOptions): Promise<DevDb>;

/** Stops the server that a killed run left in `dir`, if there is one. */
export function stopLeftDevDb(dir: string): Promise<void>;
