/** The facts a page was asked to be made from. */
import type { BreakerHistory, LiveFacts, PageFacts, PlatformHistory, Site } from '#db/history.ts';

/** The facts of this kind; a page that is asked for with others was asked for by mistake. */
export function factsOf<Kind extends PageFacts['kind']>(
  locals: { facts: PageFacts },
  kind: Kind,
): Extract<PageFacts, { kind: Kind }> {
  if (locals.facts.kind !== kind) throw new Error(`a page for ${kind} was given facts for ${locals.facts.kind}`);
  return locals.facts as Extract<PageFacts, { kind: Kind }>;
}

/** What pages that change with every run are made from. */
export function liveOf(locals: { facts: PageFacts }): LiveFacts {
  return factsOf(locals, 'live').live;
}

/**
 * The moment times are told from: a day that is the same as its is not named. A page that is written once tells from the
 * beginning of its run, which it names in full; a list has none and names every day and year.
 */
export function referenceOf({ site, facts }: { site: Site; facts: PageFacts }): Date | null {
  switch (facts.kind) {
    case 'live':
      return site.generatedAt;
    case 'run':
      return facts.chain.runs.find(({ id }) => id === facts.runId)?.createdAt ?? null;
    case 'list':
    case 'month':
      return null;
  }
}

/** Why and how long a platform is left alone; null when it is not. */
export function breakerOf({ breakers }: LiveFacts, platform: string): BreakerHistory | null {
  return breakers.find((breaker) => breaker.platform === platform) ?? null;
}

/** Platforms in the order they were last scraped in together; those of long ago come last. */
export function platformsInOrder({ platforms, runs }: LiveFacts): PlatformHistory[] {
  const order = [
    ...new Set(runs.filter((run) => run.id === run.rootId && run.backfill === null).flatMap((run) => run.platforms)),
  ];
  const place = ({ platform }: PlatformHistory) => order.indexOf(platform) + 1 || Infinity;
  return platforms.toSorted((a, b) => Math.sign(place(a) - place(b)) || 0);
}
