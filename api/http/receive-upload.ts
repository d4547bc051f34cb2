import { isAscii } from 'node:buffer';
import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import type { Request } from 'express';
import type { Settings } from '../../platform/settings.js';
import { ApiError } from './errors.js';
import { Utf8Check } from './utf8-check.js';

/**
 * A file as it was received: on disk, without a name, so that it is gone when the process is. Hashing and checking comes
 * before anything is stored, no transaction waits for a slow client, and memory stays flat.
 */
export type Upload = {
  fileName: string;
  /** The text of the field `columns` of the form; null when it has none. */
  columns: string | null;
  bytes: number;
  sha256: string;
  /** How much of it is UTF-8: characters beyond ASCII that are, and places that are not. */
  utf8: { right: number; wrong: number };
  /** The first bytes, to recognise what it is. */
  head: Buffer;
  /** The bytes from the first one that is not ASCII, to recognise its encoding; empty when there is none. */
  sample: Buffer;
  /** @throws ClientGone, in the midst of it, when the client has closed its connection */
  open(): Readable;
  discard(): Promise<void>;
};

type WrittenFile = Omit<Upload, 'columns'>;

const FILE_FIELD = 'file';
const COLUMNS_FIELD = 'columns';
/** From Linux's fcntl.h; Node has no name for it. */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;
const NO_NAMELESS_FILES = ['EOPNOTSUPP', 'EISDIR', 'EINVAL'];
const FILE_NAME_LENGTH_MAX = 255;
/** An empty field of a form is a file without a name; more than one with a name are refused. */
const FILES_READ_MAX = 10;
/** What a form may hold beside the file. */
const FORM_BYTES_MAX = 65_536;
const HEAD_BYTES = 65_536;
/** The detection of an encoding takes some 2 ms for so much. */
const SAMPLE_BYTES = 8_192;
/** Whoever reads gives way in between. Each read wakes a thread of the pool: with a quarter of it an import takes a twentieth more time. */
const READ_BYTES = 131_072;

/** Receives the one file of a multipart request. @throws ApiError when there is none, or it is too large */
export async function receiveUpload(
  req: Request,
  { uploadBytesMax }: Pick<Settings, 'uploadBytesMax'>,
  gone: AbortSignal,
): Promise<Upload> {
  if (!req.is('multipart/form-data')) {
    throw new ApiError('unsupported_media_type', 'Send the file as multipart/form-data, in a field named file.');
  }
  // Told before it is written; a form that does not say its length is measured on the way.
  if (Number(req.headers['content-length'] ?? 0) > uploadBytesMax + FORM_BYTES_MAX) throw tooLarge(uploadBytesMax);
  const file = await openNameless();
  try {
    const upload = await readForm(req, file, { bytesMax: uploadBytesMax, gone });
    if (!upload) throw new ApiError('no_file', 'The form has no file. Send one in a field named file.');
    return upload;
  } catch (err) {
    await file.close();
    throw err;
  }
}

/**
 * Linux makes a file without a name in one step. Where its file system cannot, the name is taken away at once: a process
 * killed in between leaves an empty file.
 */
async function openNameless(): Promise<FileHandle> {
  if (process.platform === 'linux') {
    try {
      return await open(tmpdir(), O_TMPFILE | constants.O_RDWR, 0o600);
    } catch (err) {
      if (!NO_NAMELESS_FILES.includes((err as NodeJS.ErrnoException).code ?? '')) throw err;
    }
  }
  const name = path.join(tmpdir(), `dialwright-upload-${randomUUID()}`);
  const file = await open(name, 'wx+', 0o600);
  await unlink(name);
  return file;
}

async function readForm(
  req: Request,
  file: FileHandle,
  { bytesMax, gone }: { bytesMax: number; gone: AbortSignal },
): Promise<Upload | null> {
  let parser: busboy.Busboy;
  try {
    parser = busboy({
      headers: req.headers,
      defParamCharset: 'utf8',
      limits: { fileSize: bytesMax + 1, files: FILES_READ_MAX, fields: 10, fieldSize: FORM_BYTES_MAX, parts: 20 },
    });
  } catch (err) {
    throw new ApiError('bad_request', 'The form could not be read: its Content-Type has no valid boundary.', {
      cause: err,
    });
  }
  let writing: Promise<WrittenFile> | null = null;
  let columns: string | null = null;
  let isCutOff = false;
  let files = 0;
  parser.on('field', (field, value, { valueTruncated }) => {
    if (field !== COLUMNS_FIELD) return;
    columns = value;
    isCutOff = valueTruncated;
  });
  parser.on('file', (field, stream, { filename }) => {
    if (filename) files++;
    if (field !== FILE_FIELD || writing || !filename) return void stream.resume();
    writing = writeFile(stream, file, {
      fileName: filename.slice(0, FILE_NAME_LENGTH_MAX).replaceAll('\0', ''),
      bytesMax,
      gone,
    });
    // Reported below, when the form has been read to its end.
    writing.catch(() => {});
  });
  try {
    await pipeline(req, parser);
  } catch (err) {
    if (writing) await (writing as Promise<WrittenFile>).catch(() => {});
    throw new ApiError('bad_request', 'The form ended before its end, or is not valid multipart/form-data.', {
      cause: err,
    });
  }
  if (files > 1) {
    await (writing as Promise<WrittenFile> | null)?.catch(() => {});
    throw new ApiError(
      'bad_request',
      `The form has more than one file. Send one file at a time, in a field named ${FILE_FIELD}.`,
    );
  }
  if (isCutOff) {
    await (writing as Promise<WrittenFile> | null)?.catch(() => {});
    throw columnsTooLarge();
  }
  const written = await (writing as Promise<WrittenFile> | null);
  return written && { ...written, columns };
}

function columnsTooLarge(): ApiError {
  const message = `is longer than ${FORM_BYTES_MAX / 1024} KiB; name only the columns that their headers do not say`;
  return new ApiError('validation_failed', `The field columns ${message}.`, {
    errors: [{ field: COLUMNS_FIELD, code: 'too_large', message }],
  });
}

async function writeFile(
  stream: Readable,
  file: FileHandle,
  { fileName, bytesMax, gone }: { fileName: string; bytesMax: number; gone: AbortSignal },
): Promise<WrittenFile> {
  const hash = createHash('sha256');
  const utf8 = new Utf8Check();
  const head = new FirstBytes(HEAD_BYTES);
  const sample = new FirstBytes(SAMPLE_BYTES);
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Read on without keeping it: a client that is still sending would not see the answer.
    if (bytes > bytesMax) continue;
    hash.update(chunk);
    utf8.add(chunk);
    head.add(chunk);
    if (!sample.isEmpty || !isAscii(chunk))
      sample.add(sample.isEmpty ? chunk.subarray(firstBeyondAscii(chunk)) : chunk);
    await file.write(chunk);
  }
  if (bytes > bytesMax) throw tooLarge(bytesMax);
  return {
    fileName,
    bytes,
    sha256: hash.digest('hex'),
    utf8: utf8.result(),
    head: head.bytes(),
    sample: sample.bytes(),
    open: () => readFrom(file, bytes, gone),
    discard: () => file.close(),
  };
}

function tooLarge(bytesMax: number): ApiError {
  return new ApiError(
    'file_too_large',
    `The file is larger than ${Math.floor(bytesMax / 1024)} KiB. Split it and upload the parts one after the other.`,
  );
}

/** Keeps the first bytes of what passes. */
class FirstBytes {
  #kept: Buffer[] = [];
  #length = 0;

  constructor(private readonly max: number) {}

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  add(chunk: Buffer): void {
    if (this.#length >= this.max) return;
    const part = Buffer.from(chunk.subarray(0, this.max - this.#length));
    this.#kept.push(part);
    this.#length += part.length;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#kept);
  }
}

function firstBeyondAscii(chunk: Buffer): number {
  return chunk.findIndex((byte) => byte > 0x7f);
}

function readFrom(file: FileHandle, bytes: number, gone: AbortSignal): Readable {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let position = 0; position < bytes;) {
      gone.throwIfAborted();
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }
  return Readable.from(chunks(), { objectMode: false, highWaterMark: READ_BYTES });
}
