/** One page as a reader sees it, inside the parser thread. */
import { load, type CheerioAPI } from 'cheerio/slim';
import { DomHandler, DomUtils, Parser } from 'htmlparser2';
import { ScrapeError } from './errors.ts';

type Child = DomHandler['root']['children'][number];
type Element = Extract<Child, { attribs: Record<string, string> }>;

/** Elements may stand inside one another so deep: honest pages stay below 100, and text of 5,000 levels breaks the call stack. */
const deepest = 500;

/** Elements and comments of one page; a listing of 600 kB has some 10,000. */
const mostNodes = 200_000;

/** Attributes of one element. */
const mostAttributes = 500;

/** A page, not parsed yet: cutting out the part that matters before loading it is several times as fast. */
export interface HtmlPage {
  readonly html: string;
  /** The page, or a part cut from it, ready for selectors. Throws `too_large` for what no honest page has. */
  load(part?: string): CheerioAPI;
  /**
   * Of the page only these elements with all that is in them, in its order: each selector walks through everything there
   * is, and most of a page is about something else.
   */
  loadOnly(isWanted: (element: Element) => boolean): CheerioAPI;
}

/** A page around a text. */
export function htmlPage(html: string): HtmlPage {
  return {
    html,
    load: (part = html) => load(treeOf(part)),
    loadOnly: (isWanted) => load(outermost(treeOf(html).children, isWanted)),
  };
}

function treeOf(html: string) {
  const tree = new LimitedTree();
  const parser = new Parser(tree);
  parser.write(html);
  parser.end();
  return tree.root;
}

/** Those that are in none of the others. */
function outermost(nodes: readonly Child[], isWanted: (element: Element) => boolean): Element[] {
  return nodes.flatMap((node) => {
    if (!DomUtils.isTag(node)) return 'children' in node ? outermost(node.children, isWanted) : [];
    return isWanted(node) ? [node] : outermost(node.children, isWanted);
  });
}

/** Builds the tree as cheerio would, and refuses while it is being built: a hostile page never stands in memory whole. */
class LimitedTree extends DomHandler {
  private depth = 0;
  private nodes = 0;
  private attributes = 0;

  onopentagname(): void {
    this.attributes = 0;
  }

  onattribute(): void {
    this.attributes += 1;
    if (this.attributes > mostAttributes) refuse(`an element with more than ${mostAttributes} attributes`);
  }

  override onopentag(name: string, attributes: Record<string, string>): void {
    this.depth += 1;
    if (this.depth > deepest) refuse(`elements more than ${deepest} deep`);
    this.countNode();
    super.onopentag(name, attributes);
  }

  override onclosetag(): void {
    this.depth -= 1;
    super.onclosetag();
  }

  override oncomment(text: string): void {
    this.countNode();
    super.oncomment(text);
  }

  private countNode(): void {
    this.nodes += 1;
    if (this.nodes > mostNodes) refuse(`a page of more than ${mostNodes} elements`);
  }
}

function refuse(detail: string): never {
  throw new ScrapeError('too_large', detail);
}
