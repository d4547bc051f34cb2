import { Text, useComputedColorScheme } from '@mantine/core';
import { axisOf, phasesOf, type Phase } from '../../../../domain/shown/call-phases.js';
import { PROGRESS_PARTS } from '../../../../domain/shown/progress-parts.js';
import type { Schemas } from '../../api/client.js';
import { ownZone, writeClock, writeExact } from '../moments.js';
import { useNow } from '../use-now.js';
import classes from './Waterfall.module.css';

type WaterfallProps = { call: Schemas['Attempt']; timeZone?: string | null };
type Axis = { fromMs: number; untilMs: number };

/** What a call went through, on one linear axis. What came before it, as a wait for its turn, is no part of it. */
export function Waterfall({ call, timeZone }: WaterfallProps) {
  const phases = phasesOf(call);
  const nowMs = useNow(phases.some(({ is }) => is === 'goesOn'));
  const axis = axisOf(phases, nowMs);
  return (
    <ol className={classes['list']} aria-label="Phases of the call">
      {phases.map((phase) => (
        <li key={phase.name} className={classes['phase']}>
          <span>{phase.label}</span>
          <Bar phase={phase} axis={axis} />
          <Figures phase={phase} nowMs={nowMs} zone={timeZone ?? ownZone} />
        </li>
      ))}
    </ol>
  );
}

function Bar({ phase, axis }: { phase: Phase; axis: Axis }) {
  const scheme = useComputedColorScheme('light');
  const { start, end } = placeOf(phase, axis);
  const colour = phase.is === 'notReported' ? undefined : COLOURS[phase.name]?.[scheme];
  const looks = [
    classes['bar'],
    classes[phase.name],
    phase.is === 'notReported' && classes['hatched'],
    phase.is === 'unknown' && classes['open'],
  ];
  return (
    <span className={classes['track']} aria-hidden>
      <span
        className={looks.filter(Boolean).join(' ')}
        style={{
          insetInlineStart: `min(${start}%, calc(100% - 3px))`,
          inlineSize: `${end - start}%`,
          background: colour,
        }}
      />
    </span>
  );
}

/** As the progress of a batch has them. */
const COLOURS: Partial<Record<Phase['name'], { light: string; dark: string } | undefined>> = {
  ringing: PROGRESS_PARTS.find(({ status }) => status === 'NO_ANSWER'),
  talking: PROGRESS_PARTS.find(({ status }) => status === 'COMPLETED'),
};

/** Where a phase lies on the axis, in percents. What has no end reaches to the end of the axis. */
function placeOf(phase: Phase, { fromMs, untilMs }: Axis): { start: number; end: number } {
  const percent = (ms: number): number => (100 * (ms - fromMs)) / (untilMs - fromMs);
  switch (phase.is) {
    case 'notReported':
      return { start: 0, end: 100 };
    case 'instant':
      return { start: percent(phase.atMs), end: percent(phase.atMs) };
    case 'span':
      return { start: percent(phase.fromMs), end: percent(phase.untilMs) };
    case 'goesOn':
    case 'unknown':
      return { start: percent(phase.fromMs), end: 100 };
  }
}

function Figures({ phase, nowMs, zone }: { phase: Phase; nowMs: number; zone: string }) {
  if (phase.is === 'notReported' || phase.is === 'unknown')
    return (
      <Text span size="sm" c="dimmed" className={classes['figure']} style={{ gridColumn: 'span 2' }}>
        {phase.is === 'unknown' ? 'nobody knows' : 'not reported'}
      </Text>
    );
  const fromMs = phase.is === 'instant' ? phase.atMs : phase.fromMs;
  const untilMs = phase.is === 'span' ? phase.untilMs : phase.is === 'goesOn' ? nowMs : null;
  return (
    <>
      <span className={classes['figure']}>{untilMs !== null && writeExact(Math.max(0, untilMs - fromMs))}</span>
      <Text span size="sm" c="dimmed" className={classes['figure']}>
        <time dateTime={new Date(fromMs).toISOString()}>{writeClock(fromMs, zone)}</time>
      </Text>
    </>
  );
}
