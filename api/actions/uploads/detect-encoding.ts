import { chardet } from 'jschardet';
import type { TextEncoding } from '../../../domain/imports/text-encodings.js';
import type { Upload } from '../../http/receive-upload.js';
import { ApiError } from '../../http/errors.js';
import { createDecoder } from './decode-text.js';

/** How a file is read, and how sure that is. What is not `certain` is never confirmed by itself. */
export type FileEncoding = {
  name: TextEncoding;
  certain: boolean;
  /** From 0 to 1, as the detection says; 1 where nothing was detected. */
  confidence: number;
  /** What else it may be, the likelier first. */
  alternatives: TextEncoding[];
};

/**
 * The code pages that are detected, by the detector's names. Left out are those that share nearly all of their bytes with one
 * that is here: the cells of such a file show it, and it can be named.
 */
const DETECTED: Readonly<Record<string, TextEncoding>> = {
  ...{ cp1250: 'windows-1250', cp1251: 'windows-1251', cp1252: 'windows-1252', cp1253: 'windows-1253' },
  ...{ cp1254: 'windows-1254', cp1255: 'windows-1255', cp1256: 'windows-1256', cp1257: 'windows-1257' },
  ...{ cp1258: 'windows-1258', cp874: 'windows-874', 'iso8859-2': 'iso-8859-2', 'iso8859-5': 'iso-8859-5' },
  ...{ 'iso8859-6': 'iso-8859-6', 'iso8859-7': 'iso-8859-7', 'koi8-r': 'koi8-r', 'koi8-u': 'koi8-u' },
  ...{ cp850: 'ibm850', cp852: 'ibm852', cp866: 'ibm866', 'mac-roman': 'macintosh', gb18030: 'gb18030' },
  ...{ big5hkscs: 'big5', cp932: 'shift_jis', euc_jis_2004: 'euc-jp', cp949: 'euc-kr' },
};
/** Files of DOS and old Macintosh programs are rare now: of a few bytes, something speaks for one of them by chance. */
const RARE: readonly TextEncoding[] = ['ibm850', 'ibm852', 'ibm866', 'macintosh'];
const RARE_WEIGHT = 0.4;
/** The code page of most files that are not UTF-8, where hardly anything speaks for another. */
const FALLBACK = { name: 'windows-1252', confidence: 0 } as const;
const CONFIDENCE_MIN = 0.012;
/** Bytes that are no character, or control characters that no text has. */
const UNREADABLE = /[\ufffd\u0080-\u009f]/;
const ALTERNATIVES_MAX = 3;
/** For each wrong byte so many characters that are right: by chance the bytes of a code page are hardly ever UTF-8. */
const RIGHT_PER_WRONG_MIN = 2;
const RIGHT_PER_WRONG_CERTAIN = 10;
/** Begins Japanese letters in ISO-2022-JP, in which much mail is written (RFC 1468). */
const JAPANESE_ESCAPE = '\x1b$B';
/** Of the bytes of a UTF-16 text that has digits and separators, more than this share is zero. */
const ZERO_SHARE_MIN = 0.05;

/** @param asked the encoding that the upload names @throws ApiError when the file itself says that it is another, or is no text */
export function encodingOf(upload: Upload, asked: TextEncoding | undefined): FileEncoding {
  const { right, wrong } = upload.utf8;
  const marked = markOf(upload.head);
  if (marked && asked && marked !== asked) {
    const message = `The file begins with the byte order mark of ${marked}, and is not ${asked}. Leave the encoding out.`;
    throw new ApiError('csv_unreadable', message);
  }
  if (marked) return sure(marked);
  // Text that is UTF-8 by chance is so rare that who asks for another encoding has to look at it.
  if (asked) return { ...sure(asked), certain: asked === 'utf-8' || right === 0 || wrong > 0 };
  const unmarked = unmarkedUtf16(upload.head);
  if (unmarked) return sure(unmarked);
  // Its bytes are ASCII: only its escapes show it.
  if (right + wrong === 0 && upload.head.includes(JAPANESE_ESCAPE)) return { ...sure('iso-2022-jp'), certain: false };
  if (right >= wrong * RIGHT_PER_WRONG_MIN) {
    const confidence = wrong === 0 ? 1 : right / (right + wrong);
    return { ...sure('utf-8'), certain: right >= wrong * RIGHT_PER_WRONG_CERTAIN, confidence };
  }
  return detect(upload.sample);
}

function sure(name: TextEncoding): FileEncoding {
  return { name, certain: true, confidence: 1, alternatives: [] };
}

function markOf(head: Buffer): TextEncoding | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return null;
}

/** Digits and separators are a zero byte and one of ASCII there: the zeros are all first, or all second. */
function unmarkedUtf16(head: Buffer): TextEncoding | null {
  let even = 0;
  let odd = 0;
  for (let at = head.indexOf(0); at >= 0; at = head.indexOf(0, at + 1)) {
    if (at % 2 === 0) even += 1;
    else odd += 1;
  }
  const [few, many] = even < odd ? [even, odd] : [odd, even];
  if (many <= head.length * ZERO_SHARE_MIN) return null;
  if (few * 10 <= many) return even < odd ? 'utf-16le' : 'utf-16be';
  throw new ApiError(
    'csv_unreadable',
    'The file contains NUL bytes, so it is not text. Save it as CSV UTF-8 and upload it again.',
  );
}

/** Of the likely code pages the first in which every byte of the sample is a character that can be seen. */
function detect(sample: Buffer): FileEncoding {
  const found = chardet
    .detectAll(sample, { compatNames: false, ignoreThreshold: true, includeEncodings: Object.keys(DETECTED) })
    .flatMap(({ encoding, confidence }) => {
      const name = DETECTED[encoding ?? ''];
      return name ? [{ name, confidence: RARE.includes(name) ? confidence * RARE_WEIGHT : confidence }] : [];
    })
    .sort((a, b) => b.confidence - a.confidence);
  const readable = found.filter(({ name }) => !UNREADABLE.test(createDecoder(name)(sample)));
  const { name, confidence } = readable.find((guess) => guess.confidence >= CONFIDENCE_MIN) ?? FALLBACK;
  const alternatives = readable.map((guess) => guess.name).filter((other) => other !== name);
  return {
    name,
    certain: false,
    confidence: Math.round(confidence * 1_000) / 1_000,
    alternatives: alternatives.slice(0, ALTERNATIVES_MAX),
  };
}
