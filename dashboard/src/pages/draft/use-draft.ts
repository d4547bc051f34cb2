import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { useNavigate } from 'react-router';
import { answered, api, type Batch, type Schemas } from '../../api/client.js';
import { keys } from '../../api/queries.js';
import { DraftSaver, type DraftServer, type SaveState } from './draft-saver.js';
import { fieldsOf, type DraftChange, type DraftFields } from './draft-fields.js';

export type Draft = {
  /** Undefined: it is not made yet. */
  batch: Batch | undefined;
  /** What the form shows: what is saved, and over it what was entered since. */
  fields: DraftFields;
  saving: SaveState;
  change: (changes: DraftChange) => void;
  saver: DraftSaver;
};

/** What the parts of the form need, whoever saves what was entered. */
export type DraftForm = Omit<Draft, 'saver'>;

/** A draft that is saved as it is typed. With `batchId` null it is made, with `defaults`, when the first thing is entered. */
export function useDraft(batchId: string | null, defaults: DraftFields): { draft: Draft; reading: Reading } {
  const client = useQueryClient();
  const navigate = useNavigate();
  const newest = useRef(defaults);
  useEffect(() => {
    newest.current = defaults;
  });
  const held = useRef<DraftSaver>(null);
  const isAnother = batchId !== null && held.current?.batchId !== batchId;
  if (!held.current || isAnother) {
    const onCreated = (id: string): void => void navigate(`/batches/${id}/edit`, { replace: true });
    held.current = new DraftSaver(batchId, serverOf(client, newest, onCreated));
  }
  const saver = held.current;
  const saving = useSyncExternalStore(saver.subscribe, saver.read);
  useSavedWhenLeft(saver);
  const id = batchId ?? saver.batchId;
  const reading = useQuery({
    queryKey: keys.batch(id ?? 'new'),
    enabled: id !== null,
    queryFn: async () => newerOf(await readBatch(id ?? ''), client.getQueryData<Batch>(keys.batch(id ?? ''))),
  });
  const batch = reading.data;
  const fields = { ...(batch ? fieldsOf(batch) : defaults), ...saving.pending };
  return {
    draft: { batch, fields, saving, saver, change: (changes) => saver.change(changes) },
    reading: {
      isPending: id !== null && reading.isPending,
      error: reading.isLoadingError ? reading.error : null,
      again: () => void reading.refetch(),
    },
  };
}

type Reading = { isPending: boolean; error: Error | null; again: () => void };

/** A change may be answered while an older state is still on its way: that must not take the change back. */
function newerOf(read: Batch, known: Batch | undefined): Batch {
  return known && known.version > read.version ? known : read;
}

function readBatch(batchId: string): Promise<Batch> {
  return answered(api.GET('/v1/batches/{batchId}', { params: { path: { batchId } } }));
}

function serverOf(
  client: QueryClient,
  defaults: { readonly current: DraftFields },
  onCreated: (id: string) => void,
): DraftServer {
  const took = (batch: Batch): Batch => {
    client.setQueryData(keys.batch(batch.id), batch);
    return batch;
  };
  return {
    seen: (batchId) => client.getQueryData<Batch>(keys.batch(batchId)),
    reload: async (batchId) => took(await readBatch(batchId)),
    create: async (changes) => {
      const { agentId, ...body } = { ...defaults.current, ...changes };
      const asked = { ...body, ...(agentId != null && { agentId }) } as Schemas['CreateBatch'];
      const batch = took(await create(asked));
      void client.invalidateQueries({ queryKey: keys.batches });
      onCreated(batch.id);
      return batch;
    },
    // A page that is left still sends it.
    update: async (batchId, changes, version) =>
      took(
        await answered(
          api.PATCH('/v1/batches/{batchId}', {
            params: { path: { batchId } },
            body: { ...changes, version },
            keepalive: true,
          }),
        ),
      ),
  };
}

function create(body: Schemas['CreateBatch']): Promise<Batch> {
  return answered(api.POST('/v1/batches', { body, keepalive: true }));
}

/** Nothing is lost when the page is closed, hidden or left. */
function useSavedWhenLeft(saver: DraftSaver): void {
  useEffect(() => {
    const save = (): void => void (saver.state.status === 'waiting' && saver.flush());
    const onHidden = (): void => void (document.visibilityState === 'hidden' && save());
    document.addEventListener('visibilitychange', onHidden);
    window.addEventListener('pagehide', save);
    return () => {
      document.removeEventListener('visibilitychange', onHidden);
      window.removeEventListener('pagehide', save);
      save();
    };
  }, [saver]);
}
