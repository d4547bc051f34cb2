import { axisOf, phasesOf, type PhasesTold } from './call-phases.js';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 10, 0, second)).toISOString();
const CALL: PhasesTold = {
  state: 'ENDED',
  outcome: 'ANSWERED',
  dialingAt: at(0),
  acceptedAt: at(1),
  answeredAt: at(6),
  endedAt: at(30),
  durationMs: 24_000,
  events: [
    { kind: 'ENDED', occurredAt: at(30), receivedAt: at(31) },
    { kind: 'ANALYZED', occurredAt: at(35), receivedAt: at(36) },
  ],
};
const said = (call: PhasesTold) => phasesOf(call).map(({ name, is }) => `${name} ${is}`);

describe('the phases of a call', () => {
  it('has all of them, in order, for a call that was answered', () => {
    expect(said(CALL)).toEqual([
      ...['claimed instant', 'sent span', 'accepted instant', 'ringing span', 'talking span', 'ended instant'],
      ...['received span', 'analysed span'],
    ]);
    expect(axisOf(phasesOf(CALL), 0)).toEqual({ fromMs: Date.parse(at(0)), untilMs: Date.parse(at(35)) });
  });

  it('has no talking where nobody picked up', () => {
    const call: PhasesTold = { ...CALL, outcome: 'NO_ANSWER', answeredAt: null, durationMs: null, events: [] };
    expect(said(call).slice(3)).toEqual(['ringing span', 'ended instant', 'received notReported']);
  });

  it('says what the provider did not report, and guesses nothing', () => {
    const call: PhasesTold = { ...CALL, answeredAt: null };
    expect(said(call)).toEqual(expect.arrayContaining(['ringing notReported', 'talking notReported']));
  });

  it('goes on while the call is live', () => {
    const live: PhasesTold = {
      ...CALL,
      state: 'IN_PROGRESS',
      outcome: null,
      endedAt: null,
      durationMs: null,
      events: [],
    };
    expect(said(live).at(-1)).toBe('talking goesOn');
    expect(said({ ...live, answeredAt: null }).at(-1)).toBe('ringing goesOn');
    expect(axisOf(phasesOf(live), Date.parse(at(60))).untilMs).toBe(Date.parse(at(60)));
  });

  it('leaves the end open when nobody knows whether the provider took the call', () => {
    const call: PhasesTold = { ...CALL, state: 'UNCERTAIN', outcome: null, acceptedAt: null, answeredAt: null };
    expect(said({ ...call, endedAt: null, durationMs: null, events: [] })).toEqual(['claimed instant', 'sent unknown']);
  });

  it('shows no phase of a call that was never sent', () => {
    expect(said({ ...CALL, state: 'RELEASED', acceptedAt: null })).toEqual(['claimed instant']);
  });

  it('lets nothing end before it began, when two clocks differ', () => {
    const [, sent] = phasesOf({ ...CALL, acceptedAt: at(-5) });
    expect(sent).toMatchObject({ fromMs: Date.parse(at(0)), untilMs: Date.parse(at(0)) });
  });
});
