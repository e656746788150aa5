/** What a site really answered where something broke or is missing: kept for whoever repairs it, and to be read again. */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { FailureKind } from './errors.ts';
import type { Answer, Http } from './http.ts';
import { redact } from './redact.ts';
import { inTurn } from './turns.ts';
import { fromWild } from './well-formed.ts';

/** One kept answer. Headers are never kept: cookies and credentials travel there. */
export interface Evidence {
  step: string;
  /** The work item it was asked for, or null when it was the step itself. */
  itemKey: string | null;
  /** Why it is kept: what it failed as, or that something was missing in it. */
  why: FailureKind | 'incomplete';
  /** What was asked, without query. */
  url: string;
  /** The text as it came, redacted and at most {@link mostBytes}, gzipped. */
  body: Buffer;
  /** Bytes of the text before compression. */
  bytes: number;
  /** ISO UTC. */
  at: string;
}

/** Most that is kept of one answer, bytes of text; a listing page of 600 kB is kept whole, and takes some 90 kB gzipped. */
const mostBytes = 2_000_000;

/** Makes evidence of an answer. */
export async function evidenceOf(
  answer: Answer,
  about: Pick<Evidence, 'step' | 'itemKey' | 'why'> & { at: Date },
): Promise<Evidence> {
  const wild = answer.text.slice(0, mostBytes);
  const tame = await inTurn(() => fromWild(wild, mostBytes));
  const text = Buffer.from(await inTurn(() => redact(tame)));
  const body = await promisify(gzip)(text);
  return { ...about, url: fromWild(answer.url, 500), body, bytes: text.length, at: about.at.toISOString() };
}

/** The text that was kept. */
export async function evidenceText(body: Buffer): Promise<string> {
  return (await promisify(gunzip)(body, { maxOutputLength: 2 * mostBytes })).toString();
}

/** A site's {@link Http} that remembers the answer it gave last. Every item gets its own. */
export interface WatchedHttp {
  http: Http;
  lastAnswer(): Answer | null;
}

/** Watches requests, so that the answer is still at hand when it turns out to be unusable. */
export function watchHttp({ json, text, bytes }: Http): WatchedHttp {
  let last: Answer | null = null;
  const seen = (answer: Answer) => void (last = answer);
  return {
    http: {
      json: (ask) => json({ ...ask, seen }),
      text: (ask) => text({ ...ask, seen }),
      bytes: (ask) => bytes({ ...ask, seen }),
    },
    lastAnswer: () => last,
  };
}
