/** Takes secrets and tokens out of text that is kept: what a page holds of a session is nobody's evidence. */

const hidden = '…';

/** Names under which tokens travel, in addresses, in JSON and in forms. */
const names =
  '(?:access_?|auth_?|csrf_?|session_?|api_?|refresh_?)?(?:token|nonce|cookie|session(?:_?id)?|secret|signature|passw(?:or)?d|api_?key|phpsessid)';

const patterns: readonly [RegExp, string][] = [
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@"'<>]{1,300}@/gi, `$1${hidden}@`],
  [/\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{8,4000}/gi, `$1 ${hidden}`],
  [/\b(?:xox[a-z]|xapp)-[A-Za-z0-9-]{8,300}/g, hidden],
  [/\beyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{0,4000}/g, hidden],
  [new RegExp(`("${names}"\\s{0,5}:\\s{0,5}")[^"]{1,4000}"`, 'gi'), `$1${hidden}"`],
  [new RegExp(`(\\b${names}=)[^\\s&"'<>;]{1,4000}`, 'gi'), `$1${hidden}`],
];

/** The text without what looks like a secret. Every pattern is bounded, so that a hostile text costs no more than its length. */
export function redact(text: string): string {
  let clean = text;
  for (const [pattern, instead] of patterns) clean = clean.replace(pattern, instead);
  return clean;
}
