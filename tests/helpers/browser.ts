/** Debian's Chromium, as readers' browsers are: found where `apt-get install chromium` puts it, never downloaded. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const found = places.find((place) => existsSync(place));

/** True where there is no browser and none is insisted on: then the tests say so and are skipped. */
export const noBrowser = found === undefined && process.env['CI'] === undefined;

if (noBrowser) {
  process.stderr.write('There is no Chromium here, so the pages are not looked at: apt-get install chromium\n');
}

/** Starts a browser; close it. Rejects where there is none. */
export async function openBrowser(): Promise<Browser> {
  if (found === undefined) throw new Error('There is no Chromium: apt-get install chromium (.ci/run does it).');
  // In a container it may be root, and /dev/shm may be small.
  return chromium.launch({ executablePath: found, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
