import type { APIRoute } from 'astro';
import { badge } from '../lib/badge.ts';
import { liveOf } from '../lib/facts.ts';
import { isComplete } from '../lib/states.ts';
import { verdict } from '../lib/verdict.ts';

/** How all platforms are. */
export const GET: APIRoute = ({ locals }) => {
  const { platforms, runs, breakers } = liveOf(locals);
  const good = platforms.filter(isComplete).length;
  const word = platforms.length === 0 ? 'no runs yet' : `${good} of ${platforms.length} complete`;
  return new Response(badge('scrapes', word, verdict(platforms, runs, breakers).shape));
};
