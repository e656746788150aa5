/**
 * The parts of a page that it has dozens of, as markup: times, states and links to runs. As components of their own they
 * were a fifth of the time that a page takes.
 */
import { escapeHTML, HTMLString } from 'astro/runtime/server/index.js';
import type { PageFacts, Site } from '#db/history.ts';
import { referenceOf } from './facts.ts';
import { relativeLink, runPath } from './links.ts';
import type { State } from './states.ts';
import { exactTime, machineTime, shownTime, type Precision } from './times.ts';

/** Markup that a template takes as it is. */
export type Markup = HTMLString;

/** Where the server that shows the page puts its warning when it is stale. */
export const staleMark: Markup = new HTMLString('<!--stale-->');

/** A moment in words, with the exact one on hovering. */
export function time(locals: { site: Site; facts: PageFacts }, at: Date, as: Precision = 'clock'): Markup {
  const words = shownTime(at, as, locals.site.timeZone, referenceOf(locals));
  return new HTMLString(`<time datetime="${machineTime(at)}" title="${exactTime(at)}">${words}</time>`);
}

const badges = new Map<string, Markup>();

/** A state: its sign and its word. */
export function badge({ shape, word }: State): Markup {
  let known = badges.get(word + shape);
  if (known === undefined) {
    const sign = `<svg class="sign sign-${shape}" aria-hidden="true"><use href="#sign-${shape}"></use></svg>`;
    known = new HTMLString(`<span class="state state-${shape}">${sign}<span>${escapeHTML(word)}</span></span>`);
    badges.set(word + shape, known);
  }
  return known;
}

/** A run's number, or other words, leading to its page, except on that page. */
export function runLink(id: number, here: string, words = String(id)): Markup {
  const path = runPath(id);
  const text = escapeHTML(words);
  if (path === here) return new HTMLString(`<strong aria-current="page">${text}</strong>`);
  return new HTMLString(`<a href="${relativeLink(here, path)}">${text}</a>`);
}
