/** What the floors above use of the scraper. */
export { correctClock } from './clock.ts';
export { failureSentence, type Failure, type FailureKind } from './errors.ts';
export { holdHost } from './pace.ts';
export { createFileStore, type FileStore } from './file-store.ts';
export type { Evidence } from './evidence.ts';
export type { Platform, ScrapeContext } from './platform.ts';
export { platforms } from './platforms/index.ts';
export type { ItemResult, PlatformResult, StepResult, WorkItem, WorkItemSeed } from './result.ts';
export { runPlatform } from './run-steps.ts';
