import { useQueryClient } from '@tanstack/react-query';
import { useRef, useSyncExternalStore } from 'react';
import { takeImport } from './import-queries.js';
import { Uploads, type Upload } from './uploads.js';

/** The uploads of this page, as they go. They end with the page; what the server has read waits there. */
export function useUploads(): { uploads: Uploads; going: readonly Upload[] } {
  const client = useQueryClient();
  const held = useRef<Uploads>(null);
  held.current ??= new Uploads((read) => takeImport(client, read));
  const uploads = held.current;
  return { uploads, going: useSyncExternalStore(uploads.subscribe, uploads.read) };
}
