import type { APIRoute } from 'astro';
import { badge } from '../../../lib/badge.ts';
import { breakerOf, liveOf } from '../../../lib/facts.ts';
import { platformState } from '../../../lib/states.ts';

/** How one platform is. */
export const GET: APIRoute = ({ locals, params }) => {
  const live = liveOf(locals);
  const row = live.platforms.find(({ platform }) => platform === params.platform);
  if (row === undefined) throw new Error('a badge was asked for a platform nothing is known of');
  const { word, shape } = platformState(row, breakerOf(live, row.platform));
  return new Response(badge(row.platform, word.toLowerCase(), shape));
};
