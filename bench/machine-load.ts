import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { projectRoot } from '../dev/processes.js';

/** How busy others kept the machine while something was measured. */
export type LoadMeter = { stop(): LoadReport };
export type LoadReport = { text: string; isWorthless: boolean };

const SAMPLE_MS = 1_000;
/** Above this share of the whole machine, a figure says more about the others than about Dialwright. */
const OTHERS_SHARE_MAX = 0.25;
/** USER_HZ: the kernel tells processor time in hundredths of a second on every platform that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * Compares what the whole machine did (/proc/stat, time stolen by other guests included) with what our own processes did.
 * Sampled, because a server that is killed orphans its children, whose time nobody can ask for afterwards.
 */
export function startLoadMeter(): LoadMeter {
  const start = performance.now();
  let before = sample();
  let othersTicks = 0;
  const look = (): void => {
    const now = sample();
    if (now && before) othersTicks += Math.max(now.machine - before.machine - Math.max(now.ours - before.ours, 0), 0);
    before = now;
  };
  const timer = setInterval(look, SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      if (!before) return { text: 'Other processes on this machine: not known here', isWorthless: false };
      const seconds = (performance.now() - start) / 1000;
      const share = othersTicks / TICKS_PER_SECOND / seconds / availableParallelism();
      const isWorthless = share > OTHERS_SHARE_MAX;
      const text = `Other processes kept ${Math.round(share * 100)} % of the machine's ${availableParallelism()} cores busy`;
      return {
        text: isWorthless ? `${text}: THESE FIGURES ARE WORTHLESS, take them again when it is calm` : text,
        isWorthless,
      };
    },
  };
}

/** Processor seconds that a process and all its descendants have used; null where the system does not say. */
export function cpuSecondsOf(pid: number): number | null {
  const processes = readProcesses();
  return processes && treeTicks(processes, pid) / TICKS_PER_SECOND;
}

type ProcessTime = { parent: number; ticks: number };

function sample(): { machine: number; ours: number } | null {
  const processes = readProcesses();
  return processes && { machine: machineTicks(), ours: treeTicks(processes, process.pid) };
}

function machineTicks(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = readFileSync('/proc/stat', 'utf8')
    .split('\n', 1)[0]!
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number); // split always has a first part
  return user + nice + system + irq + softirq + steal;
}

/** A process's time holds that of its children that have ended, so the sum over those alive loses nobody. */
function treeTicks(processes: Map<number, ProcessTime>, root: number): number {
  let ticks = processes.get(root)?.ticks ?? 0;
  for (const [pid, { parent }] of processes) if (parent === root) ticks += treeTicks(processes, pid);
  return ticks;
}

function readProcesses(): Map<number, ProcessTime> | null {
  if (process.platform !== 'linux') return null;
  const processes = new Map<number, ProcessTime>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const time = Number.isInteger(pid) && readTime(pid);
    if (time) processes.set(pid, time);
  }
  return processes;
}

function readTime(pid: number): ProcessTime | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command in field 2 may hold spaces and brackets, so count from its end: parent is field 4, times are 14 to 17.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return { parent: fields[1] ?? 0, ticks: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) };
  } catch {
    return null; // it ended meanwhile
  }
}

/** For the heading of a run. */
export function describeMachine(): string {
  const model =
    process.platform === 'linux'
      ? /^model name\s*:\s*(.+)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]
      : undefined;
  return `${availableParallelism()} cores${model ? ` (${model})` : ''}, ${process.platform}, Node ${process.versions.node}, ${projectRoot}`;
}
