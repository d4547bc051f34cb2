import { parseJson } from './parse-json.js';

describe('parseJson', () => {
  it('reads JSON as it is', () => {
    expect(parseJson('{"a":["Zoë 😀","\\ud83d\\ude00",1,null]}')).toEqual({ a: ['Zoë 😀', '😀', 1, null] });
  });

  it('takes out what PostgreSQL cannot store', () => {
    expect(parseJson('{"a":"x\\u0000y","b":["\\ud83d","\\ude00z"]}')).toEqual({ a: 'xy', b: ['\uFFFD', '\uFFFDz'] });
  });

  it('takes it out wherever it is, and leaves what is nested deeper than any event', () => {
    const deep = (levels: number) => `${'[{"a":'.repeat(levels)}"x\\u0000y"${'}]'.repeat(levels)}`;
    expect(JSON.stringify(parseJson(deep(30)))).toContain('"xy"');
    expect(parseJson(deep(40))).toBeUndefined();
    expect(parseJson('"x\\u0000"')).toBe('x');
  });

  it.each(['', '{', 'hello', '{"a":\u0000}'])('is undefined for %j', (text) => expect(parseJson(text)).toBeUndefined());
});
