/** Connections that go where they should: every address is checked at the moment it is connected to. */
import { lookup as systemLookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { bareAddress, isLoopback, isPublic } from './public-address.ts';
import { openTunnel, type Proxy } from './proxy.ts';

/** How one site is connected to. */
export interface ConnectTerms {
  /** The site's base address. One that is itself on this machine or in a private network says that this is meant. */
  base: URL;
  proxy: Proxy | null;
  /** How long a proxy may take to open a tunnel, milliseconds. */
  tunnelMs: number;
  /** What is offered to a site over TLS; certificates are checked whatever it says. */
  tls: SecureContextOptions;
  /** PEM; for a site or proxy whose certificate comes from an authority of its own. */
  certificateAuthority?: string;
  /** Instead of the system's; for tests. */
  lookup?: LookupFunction;
}

/**
 * Of several addresses of a name the next is tried when one does not answer within this, milliseconds: an IPv6 address
 * behind which everything vanishes must not cost a request. Node's own 250 are less than some ways to Lagos take.
 */
const happyEyeballs = { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 500 };

/** Agents that keep connections open between requests. */
export interface Agents {
  http: http.Agent;
  https: https.Agent;
  close(): void;
}

/** A name or an address leads to where a site has no business to send us. */
export class NotPublic extends Error {
  override name = 'NotPublic';
  readonly code = 'ERR_NOT_PUBLIC';

  constructor() {
    super('The address is not a public one');
  }
}

/** The agents of one site. Through a proxy it is the proxy that resolves names; addresses as such are checked all the same. */
export function createAgents(terms: ConnectTerms): Agents {
  const { base, proxy, tunnelMs, tls, certificateAuthority, lookup } = terms;
  const allowed = allowedFrom(base);
  const resolve = checked(lookup ?? systemLookup, allowed);
  const closing = new AbortController();

  function guard<Agent extends http.Agent>(agent: Agent): Agent {
    const connect = agent.createConnection.bind(agent);
    agent.createConnection = (options, callback) => {
      const host = options.host ?? '';
      // An address given as such is never looked up, so that the lookup below would not see it.
      if (isIP(host) !== 0 && !allowed(host)) {
        callback?.(new NotPublic(), undefined as never);
        return undefined;
      }
      if (proxy === null) return connect({ ...options, ...happyEyeballs, lookup: resolve }, callback);
      const within = { withinMs: tunnelMs, signal: closing.signal, certificateAuthority };
      openTunnel(proxy, { host, port: Number(options.port) }, within).then(
        (socket) => {
          if (agent instanceof https.Agent) callback?.(null, connect({ ...options, socket } as object) as never);
          else callback?.(null, socket);
        },
        (error: Error) => callback?.(error, undefined as never),
      );
      return undefined;
    };
    return agent;
  }

  const agents = {
    http: guard(new http.Agent({ keepAlive: true })),
    https: guard(
      new https.Agent({
        ...tls,
        keepAlive: true,
        rejectUnauthorized: true,
        ...(certificateAuthority !== undefined && { ca: certificateAuthority }),
      }),
    ),
  };
  return {
    ...agents,
    close() {
      closing.abort();
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/** What may be connected to: the internet, and what the base address itself stands for. */
function allowedFrom(base: URL): (address: string) => boolean {
  const host = base.hostname.replace(/^\[|\]$/g, '');
  const own = isIP(host) === 0 ? null : bareAddress(host);
  const onThisMachine = own === null ? /^(?:.+\.)?localhost$/.test(host) : isLoopback(own);
  return (given) => {
    const address = bareAddress(given);
    return isPublic(address) || address === own || (onThisMachine && isLoopback(address));
  };
}

/** The addresses that were checked are those that are connected to: nothing is looked up a second time. */
function checked(lookup: LookupFunction, allowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, options, (error, found, family) => {
      const addresses = typeof found === 'string' ? [found] : (found ?? []).map(({ address }) => address);
      if (!error && !addresses.every(allowed)) callback(new NotPublic(), [], 0);
      else callback(error, found, family);
    });
}
