/** Asks the own door what Slack asks an address before it takes it: whether somebody is there who shares the secret. */
import { createHmac, randomUUID } from 'node:crypto';
import { bad, good, note, type Finding } from '#bot/chat/checkup.ts';
import { HTTP_PATH, type SlackHttp } from './options.ts';

/** Longest wait for the own answer, milliseconds. */
const WITHIN_MS = 3_000;

/** Checks that a running bot answers a signed request. What lies between it and Slack cannot be seen from here. */
export async function checkDoor({ host, port, signingSecret }: SlackHttp): Promise<Finding> {
  if (port === 0) {
    return note('SLACK_PORT is 0: each start takes another port', 'Set a port that a reverse proxy can lead to.');
  }
  const url = `http://${reachable(host)}:${port}${HTTP_PATH}`;
  const challenge = randomUUID();
  const body = JSON.stringify({ type: 'url_verification', challenge });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const code = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${code}`,
  };
  const signal = AbortSignal.timeout(WITHIN_MS);
  try {
    const response = await fetch(url, { method: 'POST', body, headers, signal });
    const text = await response.text();
    if (response.status === 200 && text.includes(challenge)) {
      return good(`a bot takes Slack's requests at ${url}; Slack has to be led there from its Request URL`);
    }
    if (response.status === 401) {
      return bad(
        `who answers at ${url} has another signing secret`,
        'Restart the bot, so that it reads SLACK_SIGNING_SECRET anew.',
      );
    }
    return bad(`something else answers at ${url}`, 'Set SLACK_PORT to a free port, here and in the reverse proxy.');
  } catch {
    return note(
      `nobody takes Slack's requests at ${url} yet`,
      'Start the bot with npm start, and run the doctor again.',
    );
  }
}

/** An address to reach what listens on another: all addresses are reached by the own one. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
