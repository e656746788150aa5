/** A Postgres whose clock is moved by hand: whatever goes by the database's time goes by that. */
import { falseClock, type FalseClock } from './false-clock.ts';
import { ownServer, type OwnServer } from './own-server.ts';
import { serverFolder } from './server-user.ts';

export interface FalseClockServer extends OwnServer {
  clock: FalseClock;
}

/** Starts one in a folder of its own, which is removed at the end. */
export async function falseClockServer(): Promise<FalseClockServer> {
  await using started = new AsyncDisposableStack();
  const folder = started.use(await serverFolder());
  const clock = falseClock(folder.path, 'clock');
  const server = started.use(await ownServer(folder.path, { env: clock.env }));
  const all = started.move();
  return { ...server, clock, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
