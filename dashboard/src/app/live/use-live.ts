import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { follow, type Connection } from '../../api/live.js';
import { keys } from '../../api/queries.js';
import { endNotices } from './end-notices.js';
import { tellWhetherSeen } from './seen-tabs.js';

type Live = {
  connection: Connection;
  /** When it was lost, of one that was there. */
  countedAt: string | null;
};

/** Follows what changes as long as the session lasts. */
export function useLive(isOver: boolean): Live {
  const client = useQueryClient();
  const navigate = useNavigate();
  const go = useRef(navigate);
  const [live, setLive] = useState<Live>({ connection: 'connecting', countedAt: null });
  const [begun, setBegun] = useState(0);
  const { connection } = live;
  useEffect(() => {
    go.current = navigate;
  }, [navigate]);
  useEffect(() => {
    if (isOver) return undefined;
    const ending = new AbortController();
    tellWhetherSeen(ending.signal);
    const onEvent = endNotices((batchId) => void go.current(`/batches/${batchId}`));
    follow(client, { onConnection: (now) => setLive((before) => after(before, now)), onEvent }, ending.signal);
    return () => ending.abort();
  }, [client, isOver, begun]);
  useEffect(() => {
    if (connection !== 'ended') return;
    // Who may listen no longer is asked who it is. A session that goes on, with other rights, listens anew.
    void client.invalidateQueries({ queryKey: keys.session }).then(() => setBegun((times) => times + 1));
  }, [connection, client]);
  return live;
}

function after(before: Live, connection: Connection): Live {
  const isLostNow = connection === 'lost' && before.connection === 'live';
  return { connection, countedAt: isLostNow ? new Date().toISOString() : before.countedAt };
}
