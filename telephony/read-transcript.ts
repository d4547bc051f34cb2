import type { Turn } from '../domain/calls/call-result.js';

/** `Agent: Hello.` begins a turn; a line that names no speaker goes on with the turn before. */
const TURN = /^([A-Z][A-Za-z ]{0,30}): ?(.*)$/s;

/**
 * A transcript that is one text, a line for each turn, as turns. `speakers` has who stands behind which name; a line that
 * begins with another name is text. What comes before the first turn belongs to nobody that is known.
 */
export function readTranscript(text: string, speakers: Readonly<Record<string, Turn['speaker']>>): Turn[] {
  const turns: Turn[] = [];
  for (const line of text.split('\n')) {
    const [, name = '', said = ''] = TURN.exec(line) ?? [];
    const last = turns.at(-1);
    if (Object.hasOwn(speakers, name)) turns.push({ speaker: speakers[name]!, text: said });
    else if (last) last.text += `\n${line}`;
    else if (line !== '') turns.push({ speaker: 'other', text: line });
  }
  return turns.map(({ speaker, text: said }) => ({ speaker, text: said.trimEnd() }));
}
