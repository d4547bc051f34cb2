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
