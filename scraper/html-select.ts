/**
 * Selectors that are worked out once. cheerio works a selector out anew each time, which takes longer than to find something
 * among the few elements that are made of a page, and it looks on after it has found the first.
 */
import type { Cheerio, CheerioAPI } from 'cheerio/slim';
import { compile, selectAll, selectOne } from 'css-select';
import type { DomHandler } from 'htmlparser2';

type Node = DomHandler['root']['children'][number];
type Element = Extract<Node, { attribs: Record<string, string> }>;

type Query = (element: Element) => boolean;

/** Of the selectors in our own code, so there are only so many. */
const queries = new Map<string, Query>();

/** The first element below `within` (the whole page unless given) that fits, as `$(css).first()`: empty when there is none. */
export function first($: CheerioAPI, css: string, within?: Cheerio<Element>): Cheerio<Element> {
  const found = selectOne<Node, Element>(queryOf(css), below($, within));
  return $<Element, string>(found === null ? [] : [found]);
}

/** All elements below `within` that fit, in the order of the page. */
export function all($: CheerioAPI, css: string, within?: Cheerio<Element>): Element[] {
  return selectAll<Node, Element>(queryOf(css), below($, within));
}

function queryOf(css: string): Query {
  const known = queries.get(css) ?? compile<Node, Element>(css);
  queries.set(css, known);
  return known;
}

function below($: CheerioAPI, within: Cheerio<Element> | undefined): Node[] {
  if (within === undefined) return $.root()[0]?.children ?? [];
  return within.get().flatMap(({ children }) => children);
}
