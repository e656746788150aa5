/** What a platform is to the engine, and what the engine needs from whoever runs it. */
import type { Failure, ScrapeError } from './errors.ts';
import type { Evidence } from './evidence.ts';
import type { FileStore } from './file-store.ts';
import type { Http } from './http.ts';
import type { ItemResult, ScrapedRecord, Seeded, StepResult, WorkItem, WorkItemSeed } from './result.ts';

/** How politely a site is asked. One pace per host, shared by everything this process sends there. */
export interface Pace {
  /** Requests under way at once. */
  concurrency: number;
  /** Least time between the starts of two requests, milliseconds. */
  gapMs: number;
  /** Blocks or refusals in a row after which the site is left alone and the rest stays pending. */
  stopAfter: number;
}

/** What a step may use: requests to its site, the abort signal, counters, and a place for failures that do not end it. */
export interface Site {
  http: Http;
  /** The platform's settings from `rescrape.config.ts`, or its defaults. */
  country: string;
  signal: AbortSignal;
  now(): Date;
  /** Where downloaded files are kept. */
  files: FileStore;
  /** Items stored by earlier runs that have to be looked at once more, because more is expected of them. */
  due(): Promise<WorkItemSeed[]>;
  /** The answer that an earlier run kept of an item of a step, or null when none is kept (any more). */
  keptAnswer(step: string, itemKey: string): Promise<string | null>;
  count(name: string, by?: number): void;
  /** Keeps the answer got last for a while: something is missing in it that a better scraper may find. */
  keepAnswer(): void;
  /** Records a failure without giving up the step, for instance one competition's list that did not answer. */
  report(error: unknown, what?: string): void;
  /** Keeps a failure that costs nothing but what it names, such as one market: once per step for each `key`. */
  note(error: ScrapeError, key: string): void;
  /** Tells the log, once per step, that the site behaves otherwise than we knew. Our words, never the site's. */
  remark(text: string): void;
}

/**
 * Batches of work items as they are found. Each is stored before the next is asked for, and the value of the `yield`
 * says how much of it was new: a step that reads a long list from its newest end stops where nothing is.
 */
export type Discovery = AsyncIterable<WorkItemSeed[], unknown, Seeded | undefined>;

/** Finds the work items of the next step. */
export interface DiscoverStep {
  kind: 'discover';
  name: string;
  /** Which item step works on what this finds. */
  feeds: string;
  discover(site: Site): Discovery;
}

/** What a record gives a later step to do: stored together with the record, so that neither is without the other. */
export interface Feed {
  step: string;
  items(record: ScrapedRecord): readonly WorkItemSeed[];
}

/**
 * Works on one item at a time; the engine brings order, pace, failure rules and storing. The first item step yields what
 * the platform is for, and is what its results are counted in; later ones add to that and fail alone.
 */
export interface ItemStep {
  kind: 'items';
  name: string;
  /** What its items are called where that is not the platform's own noun: image/images. */
  noun?: Noun;
  feeds?: Feed;
  work(item: WorkItem, site: Site): Promise<ScrapedRecord[]>;
}

export type Step = DiscoverStep | ItemStep;

/** Makes up for what stored listings lack: images that did not come, or a field that a better reader finds on a kept page. */
export interface Backfill {
  /** What people type: `images`, or the name of a field. */
  what: string;
  /** What is done with each item; may be one of the platform's own steps. */
  step: ItemStep;
}

/** What something is called, once and many times. */
export interface Noun {
  one: string;
  many: string;
}

/** One site we scrape. Its folder under `scraper/platforms/` holds everything about it. */
export interface Platform {
  /** Slug, `^[a-z][a-z0-9_-]{0,31}$`; what people type. */
  id: string;
  title: string;
  /** What its work items are called: event/events. */
  noun: Noun;
  /** Where the real site is, and the environment variable that overrides it. */
  baseUrl: string;
  baseUrlVariable: string;
  country: string;
  headers: Record<string, string>;
  /** Hosts besides the base's that the site may redirect to, with port unless it is the usual one. */
  redirectHosts?: readonly string[];
  /** Of `headers`, those that are meant for these hosts as well. */
  redirectHeaders?: readonly string[];
  pace: Pace;
  /** What a believable scrape holds at least: items in all, and the share (0–1) of records in which a field is filled. */
  expects?: { items?: number; fields?: Readonly<Record<string, number>> };
  /** How long discovered work items stay worth continuing, milliseconds. Older ones are discovered anew. */
  maxAgeMs: number;
  steps: readonly Step[];
  /** What people can ask for besides scrapes; absent where there is nothing to make up for. */
  backfills?: readonly Backfill[];
  /**
   * The platform as `rescrape.config.ts` wants it, from `sites.<id>` and `scope.<id>`; absent where there is nothing to
   * set. Throws a ZodError whose paths begin with `site` or `scope`.
   */
  configure?(wanted: { site?: unknown; scope?: unknown }): Platform;
}

/**
 * What the engine is given for one attempt at one platform. Implemented by the worker over the database;
 * by an array in the engine's own tests. Any method may throw to end the attempt (the lease was lost).
 */
export interface ScrapeContext {
  signal: AbortSignal;
  /** Steps whose earlier work is still good: they are reported as `skipped` and not run. */
  skip: readonly string[];
  /** Stores discovered items before they are worked on. */
  seed(step: string, seeds: readonly WorkItemSeed[]): Promise<Seeded>;
  /** Items stored by earlier runs of which more is expected: an auction that has ended since. */
  due(): Promise<WorkItemSeed[]>;
  /** What an earlier run kept of an item, as {@link Evidence.body}; null when there is nothing. */
  keptAnswer(step: string, itemKey: string): Promise<Buffer | null>;
  /** Every item of a step still to be done, lowest priority value first. */
  pending(step: string): Promise<WorkItem[]>;
  /** Stores records, item states and what the records give later steps to do, a batch in one transaction. */
  settle(step: string, results: readonly ItemResult[]): Promise<void>;
  stepStarted(name: string): Promise<void>;
  stepFinished(result: StepResult): Promise<void>;
  /** Keeps what the site answered where something broke or is missing, for a while. */
  keep(evidence: Evidence): Promise<void>;
  /** Called as failures happen, so that they are kept even if the process dies. */
  failed(failures: readonly Failure[]): Promise<void>;
  /** A host (with port unless the usual one) wants to be left in peace for so long, milliseconds: kept for all other workers. */
  paused(host: string, waitMs: number): Promise<void>;
}
