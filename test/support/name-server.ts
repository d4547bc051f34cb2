import dgram from 'node:dgram';
import { once } from 'node:events';

const HEADER_BYTES = 12;
const NAME_IS_THAT_OF_THE_QUESTION = 0xc00c;
const NO_SUCH_NAME = 3;
const TYPES = { A: 1, AAAA: 28 };

export type NameServer = { address: string; questions: () => number; stop(): Promise<void> };

/** A name server on this machine. `addressesOf` is asked for each question, so that an answer may change. */
export async function startNameServer(addressesOf: (host: string) => string[]): Promise<NameServer> {
  let questions = 0;
  const socket = dgram.createSocket('udp4');
  socket.on('message', (question, from) => {
    questions++;
    socket.send(answerTo(question, addressesOf), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions: () => questions,
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function answerTo(question: Buffer, addressesOf: (host: string) => string[]): Buffer {
  const { host, endsAt } = readName(question);
  const type = question.readUInt16BE(endsAt);
  const found = addressesOf(host).filter((address) => (address.includes(':') ? TYPES.AAAA : TYPES.A) === type);
  const header = Buffer.from(question.subarray(0, HEADER_BYTES));
  header.writeUInt16BE(0x8180 | (found.length === 0 && addressesOf(host).length === 0 ? NO_SUCH_NAME : 0), 2);
  header.writeUInt16BE(found.length, 6);
  header.fill(0, 8);
  return Buffer.concat([
    header,
    question.subarray(HEADER_BYTES, endsAt + 4),
    ...found.map((text) => record(type, text)),
  ]);
}

function readName(question: Buffer): { host: string; endsAt: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString('ascii', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { host: labels.join('.').toLowerCase(), endsAt: at + 1 };
}

/** An IPv6 address has to be written with all its groups. */
function record(type: number, text: string): Buffer {
  const address =
    type === TYPES.A
      ? Buffer.from(text.split('.').map(Number))
      : Buffer.from(
          text
            .split(':')
            .map((group) => group.padStart(4, '0'))
            .join(''),
          'hex',
        );
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt16BE(NAME_IS_THAT_OF_THE_QUESTION, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(address.length, 10);
  return Buffer.concat([head, address]);
}
