/** What the floors above use of the scraper. */
export { failureKinds, failureSentence, ScrapeError, type Failure, type FailureKind } from './errors.ts';
export type { Answer, Ask, Http } from './http.ts';
export type { DiscoverStep, ItemStep, Pace, Platform, ScrapeContext, Site, Step } from './platform.ts';
export { findPlatform, platforms } from './platforms/index.ts';
export type {
  EventOdds,
  ItemResult,
  MarketKey,
  Period,
  PlatformResult,
  Price,
  ScrapedRecord,
  StepCounts,
  StepResult,
  WorkItem,
  WorkItemSeed,
} from './result.ts';
export { runPlatform, type RunOptions } from './run-steps.ts';
export { fromWild, wellFormed } from './well-formed.ts';
