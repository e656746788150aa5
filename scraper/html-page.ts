/** One page as a reader sees it, inside the parser thread. */
import { load, type CheerioAPI } from 'cheerio/slim';
import { DomHandler, Parser } from 'htmlparser2';
import { ScrapeError } from './errors.ts';

/** An element as its opening tag has it. */
export interface OpeningTag {
  name: string;
  attribs: Record<string, string>;
}

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
   * Of the page only these elements with all that is in them, in its order. Most of a page is about something else: that
   * is read, and held to the limits, but no tree is made of it, and no selector walks through it.
   */
  loadOnly(isWanted: (tag: OpeningTag) => boolean): CheerioAPI;
}

/** A page around a text. */
export function htmlPage(html: string): HtmlPage {
  return {
    html,
    load: (part = html) => load(treeOf(part)),
    loadOnly: (isWanted) => load(treeOf(html, isWanted)),
  };
}

function treeOf(html: string, isWanted?: (tag: OpeningTag) => boolean) {
  const tree = new LimitedTree(isWanted);
  const parser = new Parser(tree);
  parser.write(html);
  parser.end();
  return tree.root;
}

/**
 * Builds the tree as cheerio would, of everything or of what is wanted, and refuses while it is being built: a hostile
 * page never stands in memory whole.
 */
class LimitedTree extends DomHandler {
  private readonly isWanted: ((tag: OpeningTag) => boolean) | undefined;
  /** How deep we are in what is wanted. */
  private within = 0;
  private depth = 0;
  private nodes = 0;
  private attributes = 0;

  constructor(isWanted?: (tag: OpeningTag) => boolean) {
    super();
    this.isWanted = isWanted;
  }

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
    if (!this.isInside() && this.isWanted?.({ name, attribs: attributes }) === false) return;
    this.within += 1;
    super.onopentag(name, attributes);
  }

  override onclosetag(): void {
    this.depth -= 1;
    if (this.within === 0) return;
    this.within -= 1;
    super.onclosetag();
  }

  override ontext(text: string): void {
    if (this.isInside()) super.ontext(text);
  }

  override oncomment(text: string): void {
    this.countNode();
    if (this.isInside()) super.oncomment(text);
  }

  override onprocessinginstruction(name: string, text: string): void {
    this.countNode();
    if (this.isInside()) super.onprocessinginstruction(name, text);
  }

  private isInside(): boolean {
    return this.within > 0 || this.isWanted === undefined;
  }

  private countNode(): void {
    this.nodes += 1;
    if (this.nodes > mostNodes) refuse(`a page of more than ${mostNodes} elements`);
  }
}

function refuse(detail: string): never {
  throw new ScrapeError('too_large', detail);
}
