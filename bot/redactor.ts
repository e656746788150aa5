/**
 * The last net under what a process writes: its own secrets, taken out of every line by their exact values, however they
 * were encoded on the way. That none gets there is the business of whoever writes the line.
 */
import type { Config } from './config.ts';

/** Shorter ones are no secrets, and would be found everywhere. */
const SHORTEST = 5;

/** Knows the secrets of a process, those of before included: what was logged late may hold them. */
export interface Redactor {
  /** Adds secrets. */
  know(secrets: readonly string[]): void;
  /** The text without them. */
  clean(text: string): string;
}

/** A redactor that knows nothing yet. */
export function createRedactor(): Redactor {
  const known = new Set<string>();
  let pattern: RegExp | null = null;
  return {
    know(secrets) {
      for (const secret of secrets) for (const form of formsOf(secret)) known.add(form);
      const longestFirst = [...known].toSorted((a, b) => b.length - a.length);
      pattern = known.size === 0 ? null : new RegExp(longestFirst.map(literally).join('|'), 'g');
    },
    clean: (text) => (pattern === null ? text : text.replace(pattern, '[secret]')),
  };
}

/** Every secret of a configuration, as it is: tokens, and the passwords of the database and of proxies. */
export function secretsOf({ databaseUrl, slack, discord, proxyUrls }: Config): string[] {
  const passwords = [databaseUrl, ...Object.values(proxyUrls)].flatMap(passwordsOf);
  const tokens = [slack?.botToken, slack?.appToken, slack?.http?.signingSecret, discord?.token];
  return [...tokens, ...passwords].filter((one): one is string => typeof one === 'string' && one !== '');
}

/** The password of an address, as it stands there and as it is sent; a proxy is sent both parts in one. */
export function passwordsOf(address: string | null): string[] {
  // Of a list of hosts, which is no URL, the part before the first one is the same.
  const [, user, password] = /^[a-z]+:\/\/([^:@/]*):([^@/]+)@/.exec(address ?? '') ?? [];
  if (user === undefined || password === undefined) return [];
  const plain = (part: string) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  };
  return [password, plain(password), Buffer.from(`${plain(user)}:${plain(password)}`).toString('base64')];
}

/** The pattern of a text that means nothing but itself. */
function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** As it is, in JSON, in an address, and in base64. */
function formsOf(secret: string): string[] {
  const forms = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
  ];
  return forms.filter((form) => form.length >= SHORTEST);
}
