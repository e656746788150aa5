import type { APIRoute } from 'astro';
import { badge } from '../../../lib/badge.ts';
import { liveOf } from '../../../lib/facts.ts';
import { jobState } from '../../../lib/states.ts';

/** How one platform is. */
export const GET: APIRoute = ({ locals, params }) => {
  const row = liveOf(locals).platforms.find(({ platform }) => platform === params.platform);
  if (row === undefined) throw new Error('a badge was asked for a platform nothing is known of');
  const { word, shape } = jobState(row);
  return new Response(badge(row.platform, word.toLowerCase(), shape));
};
