import type { APIRoute } from 'astro';
import { changesOf } from '../../../lib/changes.ts';
import { liveOf } from '../../../lib/facts.ts';
import { atomFeed } from '../../../lib/feeds.ts';

/** Changes of one platform. */
export const GET: APIRoute = ({ locals, params }) => {
  const platform = params.platform ?? '';
  const changes = changesOf(liveOf(locals), locals.site, platform);
  const feed = { title: `Rescrape: ${platform}`, folder: `platforms/${platform}/`, changes };
  return new Response(atomFeed(feed, locals.site));
};
