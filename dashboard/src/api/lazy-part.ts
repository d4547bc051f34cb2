import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

const AGAIN_MS = 1_000;
/** On a line on which nothing goes through any more no answer ever comes. */
const ANSWER_MAX_MS = 5_000;
let isAway = false;

/** Told each time that the connection to the server is lost, or there again. */
export function noteLoss(isLost: boolean): void {
  isAway = isLost;
}

/**
 * Code that is loaded when it is used first. While the connection is lost it waits until the server answers: a browser
 * never asks again for code that it did not get, and the whole page would be lost.
 */
export async function loadCode<T>(load: () => Promise<T>): Promise<T> {
  while (isAway && !(await doesAnswer())) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  return load();
}

/** A part of a page that is loaded when it is shown first, as `loadCode` does. */
export function lazyPart<Props>(load: () => Promise<ComponentType<Props>>): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => ({ default: await loadCode(load) }));
}

async function doesAnswer(): Promise<boolean> {
  try {
    return (await fetch('/healthz', { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MAX_MS) })).ok;
  } catch {
    return false;
  }
}
