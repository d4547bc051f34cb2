import type { Settings } from '../../../platform/settings.js';
import { shareConnections, type Purpose } from '../../../store/pools.js';
import { ApiError } from '../errors.js';
import { createPlaces, NoPlaceError, type PlaceBounds, type Places } from './places.js';

/**
 * What kind of work a request is. It says which connections the request takes, and how many such requests may be under way.
 * - `stop`: forbids calls; no other change of its workspace is in its way
 * - `control`: every other change
 * - `outside`: waits for a provider, for Temporal or for a mail server, and needs the database for moments only
 * - `page`: reads little
 * - `search`: may have to read many rows for one answer
 * - `export`: reads many rows page by page, as fast as the client takes them; each page has its turn among the searches
 * - `bulk`: writes many rows
 * - `live`: listens, and reads nothing by itself
 */
export type Work = 'stop' | 'control' | 'outside' | 'page' | 'search' | 'export' | 'bulk' | 'live';

export const PURPOSE_OF: Record<Work, Purpose> = {
  stop: 'control',
  control: 'control',
  outside: 'control',
  page: 'page',
  search: 'search',
  export: 'search',
  bulk: 'bulk',
  live: 'page',
};

/** Work, and the upload of a file before any work is done with it. */
export type PlaceKind = Work | 'upload';

/** Connections for control that no request holds: keys are looked up on them. */
const CONTROL_KEPT_FREE = 1;
/** Connections for searching that no search holds: downloads begin on them. */
const SEARCH_KEPT_FREE = 1;
const STOP_PLACES = { all: 2, each: 1 };
/** They hold a connection for moments only. */
const OUTSIDE_PLACES = { all: 32, each: 4 };
/** How many listeners of all workspaces there may be, for each that one may have: a connection and some kilobytes. */
const LISTENERS_OF_ALL = 4;
/** Work with many rows takes so much longer than other work, and so do those that wait for it. */
const BULK_WAIT_TIMES = 12;
/** How many times as many may be sent at once, or taken by a slow client, as there are connections for them. */
const SLOW_CLIENTS_PER_CONNECTION = 8;

type PlaceSettings = Pick<Settings, 'databaseConnectionsMax' | 'placeWaitMs' | 'readTimeoutMs' | 'listenersMax'>;

/** The bounds of a process, from its connections: one workspace has half of the places at most. */
function placeBounds({
  databaseConnectionsMax,
  placeWaitMs,
  readTimeoutMs,
  listenersMax,
}: PlaceSettings): Record<PlaceKind, PlaceBounds> {
  const { control, page, search, bulk } = shareConnections(databaseConnectionsMax);
  const halfOf = (all: number, waitMs = placeWaitMs): PlaceBounds => ({ all, each: Math.ceil(all / 2), waitMs });
  return {
    stop: { ...STOP_PLACES, waitMs: placeWaitMs },
    control: halfOf(control - CONTROL_KEPT_FREE - STOP_PLACES.all),
    outside: { ...OUTSIDE_PLACES, waitMs: placeWaitMs },
    page: halfOf(page),
    // No search takes longer than one may wait: so everybody has a turn.
    search: halfOf(search - SEARCH_KEPT_FREE, placeWaitMs && Math.max(placeWaitMs, readTimeoutMs)),
    export: { all: search * SLOW_CLIENTS_PER_CONNECTION, each: Math.ceil(search / 2), waitMs: placeWaitMs },
    bulk: halfOf(bulk, placeWaitMs * BULK_WAIT_TIMES),
    live: { all: listenersMax * LISTENERS_OF_ALL, each: listenersMax, waitMs: 0 },
    // Refused before its file is sent, in place of waiting.
    upload: { all: bulk * SLOW_CLIENTS_PER_CONNECTION, each: bulk, waitMs: 0 },
  };
}

const WORDS: Record<PlaceKind, { what: string; retryAfterS: number }> = {
  stop: { what: 'stops', retryAfterS: 1 },
  control: { what: 'changes', retryAfterS: 1 },
  outside: { what: 'requests that wait for a provider or for Temporal', retryAfterS: 2 },
  page: { what: 'pages', retryAfterS: 1 },
  search: { what: 'searches and previews', retryAfterS: 2 },
  export: { what: 'downloads', retryAfterS: 10 },
  bulk: { what: 'uploads, confirms and copies', retryAfterS: 10 },
  live: { what: 'listeners', retryAfterS: 10 },
  upload: { what: 'uploads', retryAfterS: 10 },
};

/** Runs work of a workspace at one of the places for its kind. */
export type PlaceTaker = <T>(
  kind: PlaceKind,
  owner: { workspaceId: string; gone: AbortSignal },
  work: () => Promise<T>,
) => Promise<T>;

/** @throws ApiError too_many_at_once, from what it returns, when no place became free in time */
export function createPlaceTaker(settings: PlaceSettings): PlaceTaker {
  const bounds = placeBounds(settings);
  const kinds = Object.keys(bounds) as PlaceKind[];
  const places = Object.fromEntries(kinds.map((kind) => [kind, createPlaces(bounds[kind])])) as Record<
    PlaceKind,
    Places
  >;
  return async (kind, { workspaceId, gone }, work) => {
    const giveBack = await places[kind].take(workspaceId, gone).catch((err: unknown) => {
      throw err instanceof NoPlaceError ? refusal(kind, err, bounds[kind]) : err;
    });
    try {
      return await work();
    } finally {
      giveBack();
    }
  };
}

function refusal(kind: PlaceKind, { heldBy }: NoPlaceError, { each }: PlaceBounds): ApiError {
  const { what, retryAfterS } = WORDS[kind];
  const why =
    heldBy === 'owner'
      ? `This workspace has ${each} ${what} under way, as many as it may have at once.`
      : `Other workspaces have all places for ${what} now.`;
  const message = `${why} Wait until one has ended, at least ${retryAfterS} s, then send the request again.`;
  return new ApiError('too_many_at_once', message, { headers: { 'Retry-After': String(retryAfterS) } });
}
