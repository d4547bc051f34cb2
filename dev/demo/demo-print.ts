import type { ApiClient } from './api-client.js';
import type { Batch, Counters } from './batch.js';

const BAR_WIDTH = 40;
const REJECTED_SHOWN_MAX = 8;
const SETTLED = ['COMPLETED', 'NO_ANSWER', 'FAILED', 'CANCELLED', 'SUPPRESSED', 'UNCERTAIN'];

/** Where it cannot be redrawn, a bar is printed once per tenth. */
const STEPS = 10;

let isBarShown = false;
let stepShown = -1;
let isFinishShown = false;

/** A line of its own, below the progress bar if there is one. */
export function say(text: string): void {
  if (isBarShown) process.stdout.write('\n');
  isBarShown = false;
  console.log(text);
}

/** Redraws the progress bar on a terminal; elsewhere prints it now and then. */
export function printProgress({ status, counters: { recipients } }: Batch): void {
  const settled = SETTLED.reduce((sum, name) => sum + (recipients[name] ?? 0), 0);
  const share = settled / Math.max(recipients.total, 1);
  const bar = '█'.repeat(Math.round(share * BAR_WIDTH)).padEnd(BAR_WIDTH, '·');
  const line = `${bar} ${settled}/${recipients.total}  ${recipients['IN_PROGRESS'] ?? 0} live  ${status}`;
  if (process.stdout.isTTY) {
    process.stdout.write(`\r${line}    `);
    isBarShown = true;
  } else if (Math.floor(share * STEPS) > stepShown || (status === 'COMPLETED' && !isFinishShown)) {
    stepShown = Math.floor(share * STEPS);
    isFinishShown = status === 'COMPLETED';
    console.log(line);
  }
}

type RejectedRow = { rowNumber: number; problems: { field: string; message: string }[] };

/** The first rejected rows, with what is wrong in each. */
export async function printRejected(call: ApiClient, importId: string): Promise<void> {
  const { data } = await call<{ data: RejectedRow[] }>('GET', `/v1/imports/${importId}/rows?accepted=false&limit=100`);
  for (const { rowNumber, problems } of data.slice(0, REJECTED_SHOWN_MAX)) {
    console.log(`  Row ${rowNumber}: ${problems.map((problem) => problem.message).join('; ')}`);
  }
  if (data.length > REJECTED_SHOWN_MAX) console.log(`  … and ${data.length - REJECTED_SHOWN_MAX} more`);
}

/** How the calls ended, and how the recipients stand. */
export function printOutcomes({ recipients, attempts }: Counters): void {
  say('');
  printTable('Attempts', attempts);
  const { total, ...statuses } = recipients;
  printTable(`Recipients (${total})`, statuses);
}

function printTable(title: string, counts: Record<string, number>): void {
  console.log(title);
  for (const [name, count] of Object.entries(counts))
    if (count > 0) console.log(`  ${name.padEnd(14)} ${String(count).padStart(5)}`);
}
