import iconv from 'iconv-lite';
import type { TextEncoding } from '../../../domain/imports/text-encodings.js';

/** What a decoder puts where bytes are no character. The row rules refuse it, so wrong bytes cost their rows. */
const UNREADABLE = '\ufffd';
/**
 * Those with several bytes a character are decoded by Node itself. iconv-lite 0.7 loses the last character of a chunk that begins
 * inside a character of four bytes. Code pages of one byte are iconv-lite's: Node 20 takes Windows-1252 for Latin-1.
 */
const OF_NODE: readonly TextEncoding[] = [
  ...(['utf-8', 'utf-16le', 'utf-16be'] as const),
  ...(['gb18030', 'big5', 'shift_jis', 'euc-jp', 'iso-2022-jp', 'euc-kr'] as const),
];

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
