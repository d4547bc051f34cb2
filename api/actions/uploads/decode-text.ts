import iconv from 'iconv-lite';
import type { TextEncoding } from '../../../domain/imports/text-encodings.js';

/** What a decoder puts where bytes are no character. The row rules refuse it, so wrong bytes cost their rows. */
const UNREADABLE = '\ufffd';
/** Decoded by Node itself; iconv-lite does not know the last one. */
const OF_NODE: readonly TextEncoding[] = ['utf-8', 'utf-16le', 'utf-16be', 'iso-2022-jp'];

/** Turns the bytes of a file into text, chunk by chunk; without a chunk comes the end. What is no text, NUL too, becomes U+FFFD. */
export function createDecoder(encoding: TextEncoding): (chunk?: Buffer) => string {
  const decode = OF_NODE.includes(encoding) ? decoderOfNode(encoding) : codePageDecoder(encoding);
  return (chunk) => {
    const text = decode(chunk);
    return text.includes('\0') ? text.replaceAll('\0', UNREADABLE) : text;
  };
}

function decoderOfNode(encoding: string): (chunk?: Buffer) => string {
  const decoder = new TextDecoder(encoding);
  return (chunk) => (chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode());
}

function codePageDecoder(encoding: string): (chunk?: Buffer) => string {
  const decoder = iconv.getDecoder(encoding);
  return (chunk) => (chunk ? decoder.write(chunk) : decoder.end()) ?? '';
}
