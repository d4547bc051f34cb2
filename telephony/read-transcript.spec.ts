import { readTranscript } from './read-transcript.js';

const SPEAKERS = { Agent: 'agent', User: 'recipient', 'Transfer Target': 'other' } as const;

it.each([
  ['', []],
  [
    'Agent: Hello?\nUser: Yes: go ahead.\n',
    [
      ['agent', 'Hello?'],
      ['recipient', 'Yes: go ahead.'],
    ],
  ],
  [
    'Agent: Hello\u2028there.\r\nUser: Hi.\r\n',
    [
      ['agent', 'Hello\u2028there.'],
      ['recipient', 'Hi.'],
    ],
  ],
  ['Agent: One.\n\nTwo.\nNote: three.', [['agent', 'One.\n\nTwo.\nNote: three.']]],
  [
    'no speaker\nTransfer Target: hi\nconstructor: x',
    [
      ['other', 'no speaker'],
      ['other', 'hi\nconstructor: x'],
    ],
  ],
])('%j is read turn by turn', (text, turns) => {
  expect(readTranscript(text, SPEAKERS).map(({ speaker, text: said }) => [speaker, said])).toEqual(turns);
});
