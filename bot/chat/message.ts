/** The neutral message: what is said, before any surface decides how it looks. Plain text throughout. */

import type { Person } from '#bot/runs/run.ts';

/** What a colour or a sign stands for. */
export type Tone = 'running' | 'good' | 'warning' | 'bad' | 'quiet';

/** One row of a message: usually one platform. */
export interface Line {
  tone: Tone;
  /** What the row is about; empty for a plain sentence. */
  name: string;
  text: string;
}

/** Something to press, or the note that stands where it stood. */
export interface Button {
  /** The action it carries, see `actions.ts`. */
  id: string;
  label: string;
  /** What pressing it will do, said beforehand. */
  hint: string | null;
  disabled: boolean;
}

/** One message. Nothing in it is markup: each surface escapes every string it shows. */
export interface Message {
  tone: Tone;
  /** Who is pinged by it, if it is told on the surface they are known to; everywhere else this says nothing. */
  mention: Person | null;
  title: string;
  lines: Line[];
  /** Quoted from a site or a library, for whoever repairs it. Shown literally, never parsed, linked or formatted. */
  quote: string | null;
  buttons: Button[];
  /** A way to what the message speaks of, opened by a press; the address is ours, never a site's. */
  link: { label: string; url: string } | null;
  footer: string | null;
  /** A file that belongs to it; the surface fetches its bytes when it delivers the message, by its id. */
  file: { id: number; name: string } | null;
}

/** A message with nothing but a title and lines; the rest can be given where there is more. */
export function message(tone: Tone, title: string, more: Partial<Omit<Message, 'tone' | 'title'>> = {}): Message {
  const nothing = { mention: null, lines: [], quote: null, buttons: [], link: null, footer: null, file: null };
  return { tone, title, ...nothing, ...more };
}

/** A line of text that a form asks for; it cannot be sent without it. */
export interface TextField {
  label: string;
  /** Shown in the empty field: an example. */
  example: string;
  /** Longest text, characters. */
  most: number;
}

/** A form: a list of choices, several of which can be taken, or a line of text, or both. */
export interface Form {
  /** The action its submission carries, see `actions.ts`. */
  id: string;
  title: string;
  intro: string;
  choices: { value: string; label: string; hint: string; checked: boolean }[];
  text: TextField | null;
  /** What the button that sends it says. */
  submit: string;
  /** What can be typed instead, where no form can be shown. */
  typed: string;
}

/** A message that should exist in a run's thread. Run and slot name it for ever; its text may change. */
export interface DesiredPost {
  runId: number;
  slot: string;
  /** The thread it belongs to: the root run, whose card is its first message; null for that card itself. */
  threadOf: number | null;
  /** The only surface it is told on, in the channel its runs are at home in; null: everywhere. */
  onlyOn: string | null;
  message: Message;
  /** Worth the whole channel's attention, as far as a surface can give a reply that: at most once per run, and never twice. */
  announce?: boolean;
}
