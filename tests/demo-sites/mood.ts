/** The ways a demo site can behave. */
import { chanceOf } from './chance.ts';
import { html, type Reply, type SiteDefinition, type SiteRequest } from './definition.ts';
import type { DemoWorld } from './matches.ts';

/**
 * - `ok`: answers; `slow`: after 300 ms; `down`: resets every connection
 * - `flaky`: about one request in six gets 503 or a cut connection, and the same request asked again gets its answer
 * - `blocked`: the site's real block answer for everything; `drifted`: a needed field of every event is renamed
 * - `breaks`: lists answer, events of groups 1 to 3 (31 of 48) as well; group 4 answers 503, group 5 the block page
 * - `stalls`: as `breaks`, but what is not answered well is not answered at all, for as long as the mood lasts
 * - `few`: sells 10 of its 48 matches, as on a day without league football
 * - `no-files`: images and other files answer 503, everything else as in `ok`
 */
export type Mood = 'no-files' | 'ok' | 'slow' | 'flaky' | 'blocked' | 'drifted' | 'down' | 'breaks' | 'stalls' | 'few';

const unavailable: Reply = html(503, '<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>');

/** What one site answers in each mood. Remembers which requests have just failed; `reset` forgets. */
export function createMoods(definition: SiteDefinition, world: DemoWorld) {
  const asked = new Map<string, { times: number; justFailed: boolean }>();

  function flaky(request: SiteRequest): Reply | 'cut' {
    const { _t, ...query } = request.query;
    const key = `${request.method} ${request.path} ${JSON.stringify(query)} ${request.body}`;
    const before = asked.get(key) ?? { times: 0, justFailed: false };
    const chance = chanceOf(world.seed, 'flaky', definition.variable, key, before.times);
    const fails = !before.justFailed && chance < 1 / 6;
    asked.set(key, { times: before.times + 1, justFailed: fails });
    if (!fails) return definition.answer(request, world);
    return chance < 1 / 12 ? unavailable : 'cut';
  }

  function breaks(request: SiteRequest, itemKey: string | undefined): Reply {
    const group = itemKey && definition.matchOf(itemKey, world)?.group.number;
    if (group === 4) return unavailable;
    if (group === 5) return definition.blockPage;
    return definition.answer(request, world);
  }

  function drifted(request: SiteRequest, itemKey: string | undefined): Reply {
    const reply = definition.answer(request, world);
    if (!itemKey || typeof reply.body !== 'string') return reply;
    const field = definition.neededField;
    return { ...reply, body: reply.body.replaceAll(`"${field}":`, `"${field}New":`) };
  }

  return {
    reply(mood: Mood, request: SiteRequest, itemKey: string | undefined): Reply | 'cut' | 'never' {
      switch (mood) {
        case 'ok':
        case 'slow':
          return definition.answer(request, world);
        case 'flaky':
          return flaky(request);
        case 'blocked':
          return definition.blockPage;
        case 'drifted':
          return drifted(request, itemKey);
        case 'down':
          return 'cut';
        case 'few':
          return definition.answer(request, { ...world, matches: world.matches.slice(0, 10) });
        case 'no-files':
          return definition.isFile?.(request) ? unavailable : definition.answer(request, world);
        case 'breaks':
          return breaks(request, itemKey);
        case 'stalls': {
          const reply = breaks(request, itemKey);
          return reply === unavailable || reply === definition.blockPage ? 'never' : reply;
        }
      }
    },
    reset() {
      asked.clear();
    },
  };
}
