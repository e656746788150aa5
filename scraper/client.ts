/** got-scraping, set up so that it keeps our promises: its defaults take any certificate and any amount of data. */
import type http from 'node:http';
import { gotScraping, TransformHeadersAgent, type Request } from 'got-scraping';
import { type ConnectTerms, createAgents } from './connect.ts';
import { acceptedEncodings } from './decompress.ts';

/** Header names in lower case. */
export type Headers = Record<string, string>;

/** One request as it goes out. */
export interface Outgoing {
  url: URL;
  method: 'GET' | 'POST';
  headers: Headers;
  body: string | undefined;
}

/** Connections and browser-like headers, the same for all requests of one site and closed together. */
export interface Client {
  /** What a browser would send; a site's own headers go over these. */
  readonly headers: Headers;
  /** Starts a request; the raw, still compressed body is read from the stream. Follows no redirect, throws for no status. */
  start(outgoing: Outgoing, signal: AbortSignal): Request;
  close(): void;
}

/** One browser for one site; its connections are made as {@link ConnectTerms} say. */
export function createClient(terms: ConnectTerms): Client {
  const agents = createAgents(terms);
  const client = gotScraping.extend({
    agent: { http: new RequestAgent(agents.http), https: new RequestAgent(agents.https) },
    // HTTP/1.1: an aborted request costs one connection instead of a session shared with others, and got-scraping
    // asks a site for HTTP/2 over a probe of its own that is not paced, not abortable and takes any certificate.
    http2: false,
    useHeaderGenerator: false,
    insecureHTTPParser: false,
    decompress: false,
    followRedirect: false,
    throwHttpErrors: false,
    retry: { limit: 0 },
    // Ours are in request.ts: got's start late (after the upload) and end with the headers.
    timeout: { request: undefined },
    https: { rejectUnauthorized: true, certificateAuthority: terms.certificateAuthority },
  });
  return {
    headers: { ...browserHeaders(), 'accept-encoding': acceptedEncodings },
    start: ({ url, method, headers, body }, signal) =>
      client.stream(url, { method, headers, signal, ...(body === undefined ? {} : { body }) }),
    close: agents.close,
  };
}

/** Made once, so that a site sees one browser from the first to the last request, and each request costs less. */
function browserHeaders(): Headers {
  const { headerGenerator } = gotScraping.defaults.options.context as {
    headerGenerator: { getHeaders(options: { httpVersion: string }): Headers };
  };
  const made = Object.entries(headerGenerator.getHeaders({ httpVersion: '1' }));
  return Object.fromEntries(made.map(([name, value]) => [name.toLowerCase(), value]));
}

/** Browser-like order and case of headers, without the `Content-Length: 0` that got-scraping's own agent puts on every GET. */
class RequestAgent extends TransformHeadersAgent<http.Agent> {
  override addRequest(request: http.ClientRequest, options: http.ClientRequestArgs): void {
    if (request.method === 'GET') {
      request.removeHeader('content-length');
      request.removeHeader('transfer-encoding');
    }
    super.addRequest(request, options);
  }
}
