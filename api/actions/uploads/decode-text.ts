import { ApiError } from '../../http/errors.js';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** What 0x80 to 0x9f are in Windows-1252; five of them are nothing. Node's own decoder takes them for control characters. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
const NOTHING_IN_1252 = /[\x81\x8d\x8f\x90\x9d]/;

/** Turns the bytes of a file into text, chunk by chunk; without a chunk comes the end. @throws ApiError for what is not text */
export function createDecoder(encoding: TextEncoding): (chunk?: Buffer) => string {
  const decode = encoding === 'windows-1252' ? decodeWindows1252 : unicodeDecoder(encoding);
  return (chunk) => {
    const text = decode(chunk);
    if (!text.includes('\0')) return text;
    throw unreadable('contains NUL bytes, so it is not text');
  };
}

function unicodeDecoder(encoding: string): (chunk?: Buffer) => string {
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (chunk) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch (err) {
      throw unreadable(`is not the ${encoding.toUpperCase()} that it seems to be`, err);
    }
  };
}

function decodeWindows1252(chunk?: Buffer): string {
  const text = chunk?.toString('latin1') ?? '';
  if (NOTHING_IN_1252.test(text)) throw unreadable('is neither UTF-8 nor Windows-1252');
  return text.replace(/[\x80-\x9f]/g, (character) => WINDOWS_1252[character.charCodeAt(0) - 0x80] ?? '');
}

function unreadable(why: string, cause?: unknown): ApiError {
  return new ApiError('csv_unreadable', `The file ${why}. Save it as CSV UTF-8 and upload it again.`, { cause });
}
