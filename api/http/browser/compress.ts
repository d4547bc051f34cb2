import compression from 'compression';
import type { RequestHandler } from 'express';
import { constants } from 'node:zlib';

/** A smaller answer fits into one or two packets anyway. */
const COMPRESSED_FROM_BYTES = 4_096;
/** The fastest levels: they make JSON and CSV about five times smaller, and more work makes them little smaller still. */
const GZIP_LEVEL = 1;
const BROTLI_QUALITY = 1;
/** What shrinks. Events are never compressed: they would wait for more; nor are recordings, which are compressed. */
const SHRINKS = /^(?:application\/(?:json|problem\+json|jsonl)|text\/(?:csv|html|css|javascript))(?:;|$)/;

/** Compresses what is read and downloaded for clients that ask for it, as it is sent: nothing is kept in memory. */
export function compress(): RequestHandler {
  return compression({
    threshold: COMPRESSED_FROM_BYTES,
    level: GZIP_LEVEL,
    brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } },
    filter: (_req, res) => SHRINKS.test(String(res.getHeader('Content-Type') ?? '')),
  });
}
