/** Addresses of lots and images, in one spelling. */

/** Where the site is, wherever it is asked: records name its real address. */
const site = 'https://bringatrailer.com';

/** The site's own hosts; an image elsewhere is none of the lot's. */
const hosts: ReadonlySet<string> = new Set(['bringatrailer.com', 'www.bringatrailer.com']);

/** A lot's address: https, the path with a slash at its end, no query. Null for what is no lot; the host is not looked at. */
export function lotAddress(url: string | null): string | null {
  const path = url === null ? null : (URL.parse(url, site)?.pathname ?? null);
  const slug = path === null ? null : /^\/listing\/([^/]{1,300})\/?$/.exec(path)?.[1];
  return slug ? `${site}/listing/${slug}/` : null;
}

/** The part of an address that is asked for under the base address; decoded once, for it is encoded again. */
export function pathOf(url: string): string {
  return decodeURI(new URL(url).pathname);
}

/**
 * The originals of a gallery, each once, in order: uploads of the site itself, without query, without the `-scaled` of
 * the reduced copy.
 */
export function imageAddresses(urls: readonly string[]): string[] {
  const originals = new Set<string>();
  for (const address of urls) {
    const url = URL.parse(address, site);
    if (!url || !hosts.has(url.hostname) || !url.pathname.startsWith('/wp-content/uploads/')) continue;
    const original = `${site}${url.pathname.replace(/-scaled(?=\.[a-z]+$)/i, '')}`;
    if (original.length <= 1000) originals.add(original);
  }
  return [...originals];
}
