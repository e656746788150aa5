/** Badges: a word and a state as a small picture, for other people's pages. */
import type { Shape } from './states.ts';
import { xml } from './xml.ts';

const colours: Partial<Record<Shape, string>> = {
  done: '#1a7350',
  part: '#8f5a00',
  failed: '#b3261e',
  lost: '#b3261e',
  running: '#23599c',
};

/** `name | word`; the text is as wide as we say, whatever font there is. */
export function badge(name: string, word: string, shape: Shape): string {
  const [left, right] = [halfWidth(name), halfWidth(word)];
  const all = left + right;
  const half = (text: string, middle: number, wide: number) =>
    `<text x="${middle}" y="14" textLength="${wide - 14}" lengthAdjust="spacingAndGlyphs">${xml(text)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${all}" height="20" viewBox="0 0 ${all} 20" role="img" aria-label="${xml(`${name}: ${word}`)}">
  <title>${xml(`${name}: ${word}`)}</title>
  <rect width="${all}" height="20" rx="4" fill="#39423d"/>
  <path d="M${left} 0h${right - 4}a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4h-${right - 4}z" fill="${colours[shape] ?? '#56605a'}"/>
  <g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
    ${half(name, left / 2, left)}
    ${half(word, left + right / 2, right)}
  </g>
</svg>
`;
}

/** How wide a badge is, so that a page can leave room for it. */
export function badgeWidth(name: string, word: string): number {
  return halfWidth(name) + halfWidth(word);
}

/** Letters of that font are about seven units wide. */
function halfWidth(text: string): number {
  return Math.round(Array.from(text).length * 6.8) + 14;
}
