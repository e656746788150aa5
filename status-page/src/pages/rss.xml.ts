import type { APIRoute } from 'astro';
import { changesOf } from '../lib/changes.ts';
import { liveOf } from '../lib/facts.ts';
import { rssFeed } from '../lib/feeds.ts';

/** Changes of all platforms. */
export const GET: APIRoute = ({ locals }) => {
  const changes = changesOf(liveOf(locals), locals.site);
  return new Response(rssFeed({ title: 'Rescrape: changes', folder: '', changes }, locals.site));
};
