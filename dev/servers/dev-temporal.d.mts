export interface DevTemporalOptions {
  /** Keeps the history; in memory unless given. Its log and record lie beside it (`.log`, `.server.json`). */
  file?: string | undefined;
  /** A free port unless given. */
  port?: number | undefined;
  /** No UI unless given; 0 takes a free port. */
  uiPort?: number | undefined;
  /** Leave the server running when this process ends: the next start with this file adopts it. Needs `file`. */
  keep?: boolean;
}

export interface DevTemporal {
  /** host:port for TEMPORAL_ADDRESS; the namespace is `default`. */
  address: string;
  uiUrl: string | undefined;
  port: number;
  pid: number;
  /** True when the server was left by a parent that died. */
  adopted: boolean;
  /** Stops the server, an adopted one too. Safe to repeat. */
  stop(): Promise<void>;
}

/**
 * Starts, or adopts, a Temporal server on 127.0.0.1 with the search attributes DialwrightWorkspace and DialwrightStatus.
 * It stops with this process unless `keep`. Starting again with the same file and port after `kill -9` of it works.
 */
export function startDevTemporal(options?: DevTemporalOptions): Promise<DevTemporal>;
