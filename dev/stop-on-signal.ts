/** Holds the first Ctrl-C (or SIGTERM, SIGHUP) until what was started has been stopped; a second one ends at once. */
export function stopOnSignal(): { received: Promise<string>; wasReceived(): boolean } {
  let isReceived = false;
  const received = new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (isReceived) process.exit(1);
        isReceived = true;
        resolve(signal);
      });
    }
  });
  return { received, wasReceived: () => isReceived };
}
