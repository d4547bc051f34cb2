import SequencerModule from '@jest/test-sequencer';

// The package is CommonJS; under ESM its class is the `default` of its default.
const Sequencer = SequencerModule.default ?? SequencerModule;

/** Suites of real processes that start, die and come back: they wait more than they work. */
const LONGEST = [
  'test/crash/',
  'test/upload-crash/',
  'test/workflows/',
  'test/e2e/',
  'test/api/operations',
  'test/browser/',
  'test/startup/',
  'test/api/cursors',
];

/** The longest suites first: one that starts last would leave the other core idle. A fresh clone knows no times of its own. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const placeOf = ({ path }) => {
      const place = LONGEST.findIndex((part) => path.includes(`/${part}`));
      return place === -1 ? LONGEST.length : place;
    };
    return [...super.sort(tests)].sort((a, b) => placeOf(a) - placeOf(b));
  }
}
