/** One protection taken out of the code, and the test that must notice. */
export type Mutant = {
  /** What is gone, in words. */
  protection: string;
  file: string;
  /** Occurs once in the file, however its lines are broken there. */
  find: string;
  replace: string;
  spec: string;
  /** Part of the title of the test that must fail. */
  title: string;
};

/** The text, with any white space between its words. */
export function inAnyLines(text: string): RegExp {
  const words = text
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(words.join('\\s+'), 'g');
}
