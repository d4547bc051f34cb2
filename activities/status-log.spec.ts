import { createLogger } from '../platform/logger.js';
import { createStatusLog } from './status-log.js';

it('says each status of a batch once, with its id', () => {
  const lines: string[] = [];
  const note = createStatusLog(createLogger('info', 'test', { write: (line: string) => void lines.push(line) }));
  for (const status of ['SCHEDULED', 'RUNNING', 'RUNNING', 'PAUSED', 'RUNNING', 'COMPLETED']) note('one', status);
  note('two', 'RUNNING');
  const said = lines.map((line) => JSON.parse(line) as { batchId: string; status: string; msg: string });
  expect(said.map(({ batchId, msg }) => `${batchId}: ${msg}`)).toEqual([
    'one: batch is SCHEDULED',
    'one: batch is RUNNING',
    'one: batch is PAUSED',
    'one: batch is RUNNING',
    'one: batch is COMPLETED',
    'two: batch is RUNNING',
  ]);
});
