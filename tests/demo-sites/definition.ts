/** What a demo site has to say about itself, and the two kinds of answers. */
import type { IncomingHttpHeaders } from 'node:http';
import type { DemoMatch, DemoWorld } from './matches.ts';

/** A request as a site sees it. */
export interface SiteRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  body: string;
}

/** An answer as it goes out. */
export interface Reply {
  status: number;
  type: string;
  body: string | Uint8Array;
}

/** What is particular to one site: where things are, what its answers and refusals look like. */
export interface SiteDefinition {
  /** The environment variable that points the scraper here. */
  variable: string;
  answer(request: SiteRequest, world: DemoWorld): Reply;
  /** The event a request asks for in detail, as the site calls it. */
  itemKey(request: SiteRequest): string | undefined;
  matchOf(itemKey: string, world: DemoWorld): DemoMatch | undefined;
  /** Whether a request asks for a file, such as an image. */
  isFile?(request: SiteRequest): boolean;
  /** What the real site sends to those it does not want. */
  blockPage: Reply;
  /** The field of a detail answer that the mood `drifted` renames. */
  neededField: string;
}

/** A JSON answer. */
export function json(value: unknown): Reply {
  return { status: 200, type: 'application/json;charset=UTF-8', body: JSON.stringify(value) };
}

/** An HTML answer. */
export function html(status: number, body: string): Reply {
  return { status, type: 'text/html; charset=utf-8', body };
}
