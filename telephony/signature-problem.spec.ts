import { signBody } from '../carrier/webhooks/sign-body.js';
import { signatureProblem } from './signature-problem.js';

const SIGNED_AT_MS = 1_714_608_475_945;
const MINUTE_MS = 60_000;

describe('signatureProblem', () => {
  const body = Buffer.from('{"name":"Zoë"}');
  const header = signBody(body, 'secret', SIGNED_AT_MS);

  it('finds none in the published vector', () => {
    const published = Buffer.from('{"event":"call_ended","call":{"call_id":"call_123"}}');
    const digest = 'c5c65b62a88b38267b15a5f520b5b414326e838a05b13cd90b36c569fd6683fa';
    const account = { secret: 'key_test', nowMs: SIGNED_AT_MS };
    expect(signatureProblem(published, `v=${SIGNED_AT_MS},d=${digest}`, account)).toBeNull();
  });

  it('finds none in a right signature, up to five minutes away', () => {
    expect(signatureProblem(body, header, { secret: 'secret', nowMs: SIGNED_AT_MS })).toBeNull();
    expect(signatureProblem(body, header, { secret: 'secret', nowMs: SIGNED_AT_MS + 5 * MINUTE_MS })).toBeNull();
    expect(signatureProblem(body, header, { secret: 'secret', nowMs: SIGNED_AT_MS - 5 * MINUTE_MS })).toBeNull();
  });

  it('refuses one that is too old, too far ahead, of another secret, body or time, or missing', () => {
    expect(signatureProblem(body, header, { secret: 'secret', nowMs: SIGNED_AT_MS + 5 * MINUTE_MS + 1 })).toMatch(
      /5 minutes/,
    );
    expect(signatureProblem(body, header, { secret: 'secret', nowMs: SIGNED_AT_MS - 5 * MINUTE_MS - 1 })).toMatch(
      /5 minutes/,
    );
    expect(signatureProblem(body, header, { secret: 'Secret', nowMs: SIGNED_AT_MS })).toMatch(/does not match/);
    expect(signatureProblem(Buffer.from('{"name":"Zoe"}'), header, { secret: 'secret', nowMs: SIGNED_AT_MS })).toMatch(
      /does not match/,
    );
    expect(
      signatureProblem(body, header.replace('v=17', 'v=18'), {
        secret: 'secret',
        nowMs: SIGNED_AT_MS + 100_000_000_000,
      }),
    ).toMatch(/does not match/);
    expect(signatureProblem(body, undefined, { secret: 'secret', nowMs: SIGNED_AT_MS })).toBe('not signed');
    expect(signatureProblem(body, [header, header], { secret: 'secret', nowMs: SIGNED_AT_MS })).toMatch(
      /not of the form/,
    );
  });

  it('believes nobody when there is no secret', () => {
    const empty = { secret: '', nowMs: SIGNED_AT_MS };
    expect(signatureProblem(body, signBody(body, '', SIGNED_AT_MS), empty)).toMatch(/no secret/);
  });

  it.each(['', 'v=,d=', 'v=1,d=zz', `v=1,d=${'0'.repeat(63)}`, `${header},x=1`, ` ${header}`])(
    'refuses the form %j',
    (text) => {
      expect(signatureProblem(body, text, { secret: 'secret', nowMs: SIGNED_AT_MS })).toMatch(/not of the form/);
    },
  );
});
