/** `npm run slack:manifest [-- --url https://…]`: prints the Slack app's manifest, with `--url` for Slack over HTTP. */
import { parseArgs } from 'node:util';
import { createAppLink, slackManifest } from '#bot/slack/manifest.ts';

function command(): string {
  const { values } = parseArgs({ options: { url: { type: 'string' } } });
  const address = values.url ?? null;
  if (address !== null && !(URL.canParse(address) && new URL(address).protocol === 'https:')) {
    throw new Error('--url must be the https:// address under which Slack reaches this bot.');
  }
  return `${JSON.stringify(slackManifest(address), null, 2)}\n\nOr open this link, which brings it along:\n${createAppLink(address)}\n`;
}

try {
  process.stdout.write(command());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'unknown'}\n`);
  process.exitCode = 1;
}
