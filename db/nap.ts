/** Waits, or less: resolves early when the signal fires, and leaves no timer and no listener behind. */
export function nap(ms: number, over?: AbortSignal): Promise<void> {
  if (over?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      over?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    over?.addEventListener('abort', wake);
  });
}
