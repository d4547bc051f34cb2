import type { Mutant } from './mutant.js';

const NEIGHBOURS = 'test/api/neighbours.spec.ts';

/** What one workspace does, and the others must not notice. */
export const NEIGHBOUR_MUTANTS: readonly Mutant[] = [
  {
    protection: 'a neighbour has half of the places at most',
    file: 'api/http/places/places.ts',
    find: 'taken < all && heldBy(owner) < each',
    replace: 'taken < all',
    spec: NEIGHBOURS,
    title: 'when one has as many searches under way as it may have',
  },
  {
    protection: 'a place that becomes free goes to the neighbour that has the fewest',
    file: 'api/http/places/places.ts',
    find: '.sort((a, b) => heldBy(a.owner) - heldBy(b.owner))',
    replace: '',
    spec: 'api/http/places/places.spec.ts',
    title: 'go to the owner that has the fewest',
  },
  {
    protection: 'a neighbour has a few uploads under way, and is told so before it sends more',
    file: 'api/http/places/work.ts',
    find: 'each: bulk, waitMs: 0',
    replace: 'each: 100, waitMs: 0',
    spec: NEIGHBOURS,
    title: 'while one sends 20 uploads at once',
  },
  {
    protection: 'a stop has a place beside all other changes, those of neighbours and its own',
    file: 'api/routes/workspace/emergency-stop.ts',
    find: "work: 'stop',",
    replace: '',
    spec: NEIGHBOURS,
    title: 'a workspace stops its own calling',
  },
  {
    protection: 'an upload that has ended holds up no neighbour: its COPY is cancelled',
    file: 'store/cancel-statement.ts',
    find: "signal.addEventListener('abort', cancel);",
    replace: '',
    spec: NEIGHBOURS,
    title: 'when it is discarded',
  },
  {
    protection: 'an upload whose client is gone holds up no neighbour',
    file: 'api/http/answer-request.ts',
    find: 'if (!res.writableFinished) gone.abort(new ClientGone());',
    replace: '',
    spec: NEIGHBOURS,
    title: 'when its client goes away',
  },
  {
    protection: 'an upload shows that it lives while neighbours hold all connections for uploads',
    file: 'api/actions/uploads/import-file.ts',
    find: 'signs: pools.control.pool',
    replace: 'signs: db.pool',
    spec: NEIGHBOURS,
    title: 'shows that it lives while all connections for uploads are taken',
  },
  {
    protection: 'events take no connection that a stop of a neighbour needs',
    file: 'api/create-app.ts',
    find: 'createFactWriter(pools.events.pool',
    replace: 'createFactWriter(pools.control.pool',
    spec: NEIGHBOURS,
    title: 'while events of 25 others wait',
  },
  {
    protection: 'a search that takes long is ended before it holds up neighbours',
    file: 'store/pools.ts',
    find: 'const search = openDatabase({ url, connectionsMax: shares.search, statementTimeoutMs: readTimeoutMs, onError });',
    replace: 'const search = openDatabase({ url, connectionsMax: shares.search, onError });',
    spec: 'test/api/operations.spec.ts',
    title: 'what reads too long is ended',
  },
  {
    protection: 'one long work at a time goes on before others are served',
    file: 'platform/pause.ts',
    find: 'if (waiting.length > 0) setImmediate(goOn);',
    replace: 'while (waiting.length > 0) waiting.shift()?.();',
    spec: 'platform/pause.spec.ts',
    title: 'lets others be served after each slice',
  },
];
