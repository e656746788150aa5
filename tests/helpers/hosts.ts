/**
 * Machines of their own, as far as the network goes: network namespaces of this one on a switch, each with a cable that can
 * be pulled. Nobody is told of a pulled cable: no connection breaks, everything is simply gone.
 */
import { execFileSync } from 'node:child_process';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';

/** Machines, numbered from 0, and this one, which they reach at `address`. */
export interface Hosts extends AsyncDisposable {
  readonly address: string;
  /** What a command on that machine begins with. */
  on(host: number): readonly string[];
  pull(host: number): void;
  plug(host: number): void;
  /** Lets them reach what listens on this port of 127.0.0.1; answers the port at `address`. */
  reach(port: number): Promise<number>;
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Whether machines can be made here, on a switch and with something running on them: it takes Linux, `ip`, and the right to. */
export async function canMakeHosts(): Promise<boolean> {
  try {
    await using hosts = await makeHosts(1);
    ip(...hosts.on(0).slice(1), 'true');
    return true;
  } catch {
    return false;
  }
}

/** Makes so many. */
export async function makeHosts(count: number): Promise<Hosts> {
  const id = process.pid % 10_000;
  const subnet = `10.213.${id % 250}`;
  const address = `${subnet}.1`;
  const [bridge, names] = [`rsb${id}`, Array.from({ length: count }, (_, host) => `rs-${id}-${host}`)];
  const cable = (host: number) => `rsv${id}x${host}`;
  const servers = new Set<Server>();
  await using made = new AsyncDisposableStack();
  ip('link', 'add', bridge, 'type', 'bridge');
  made.defer(() => ip('link', 'del', bridge));
  ip('addr', 'add', `${address}/24`, 'dev', bridge);
  ip('link', 'set', bridge, 'up');
  for (const [host, name] of names.entries()) {
    ip('netns', 'add', name);
    made.defer(() => ip('netns', 'del', name));
    ip('link', 'add', cable(host), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
    ip('link', 'set', cable(host), 'master', bridge, 'up');
    for (const args of [
      ['addr', 'add', `${subnet}.${host + 2}/24`, 'dev', 'eth0'],
      ['link', 'set', 'eth0', 'up'],
      ['link', 'set', 'lo', 'up'],
    ]) {
      ip('-n', name, ...args);
    }
  }
  made.defer(() => servers.forEach((server) => server.close()));
  const all = made.move();
  return {
    address,
    on: (host) => ['ip', 'netns', 'exec', names[host] ?? ''],
    pull: (host) => ip('link', 'set', cable(host), 'down'),
    plug: (host) => ip('link', 'set', cable(host), 'up'),
    async reach(port) {
      const server = createServer((inside) => {
        const outside = connect({ host: '127.0.0.1', port, noDelay: true });
        inside.pipe(outside).pipe(inside);
        inside.on('error', () => outside.destroy());
        outside.on('error', () => inside.destroy());
      });
      servers.add(server);
      await new Promise<void>((resolve) => server.listen(0, address, resolve));
      server.unref();
      return (server.address() as AddressInfo).port;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
