/** What the fake workspace knows: people, tokens, messages, triggers, and what it was told to do wrong. */
import type { Effects } from './mrkdwn.ts';

/** A message as it stands. */
export interface StoredMessage {
  channel: string;
  ts: string;
  /** The parent's ts, for a reply. */
  thread: string | null;
  user: string;
  text: string;
  blocks: Record<string, unknown>[];
  metadata: Record<string, unknown> | null;
  /** A reply that is shown in the channel as well. */
  broadcast: boolean;
  /** So many look-ups do not show it yet. */
  hiddenLooks: number;
  files: { id: string; name: string }[];
  /** Every text people see in it. */
  seen: string;
  effects: Effects;
  edits: number;
  deleted: boolean;
}

/** Somebody in the workspace, as users.info tells. */
export interface Member {
  id: string;
  team_id: string;
  name: string;
  is_bot?: boolean;
  is_restricted?: boolean;
}

/**
 * What a method is told to do wrong. `cut` accepts and then cuts the connection, `refused` cuts it at once; `http` and
 * `hang` may accept before they fail, or never answer.
 */
export type Fault =
  | { kind: 'rate_limited'; retryAfter: number }
  | { kind: 'http'; status: number; accept: boolean }
  | { kind: 'cut' }
  | { kind: 'refused' }
  | { kind: 'hang'; accept?: boolean }
  | { kind: 'slow'; ms: number }
  | { kind: 'error'; code: string; needed?: string };

/** A private answer to somebody. */
export interface PrivateAnswer {
  user: string;
  channel: string;
  thread: string | null;
  seen: string;
  /** The blocks, so that a test can press what is in them. */
  blocks: Record<string, unknown>[];
}

/** The whole state; tests read it, methods change it. */
export function openState(scopes: readonly string[]) {
  let clock = 0;
  let count = 0;
  return {
    tokens: { bot: 'xoxb-0000-canary-bot', app: 'xapp-0-canary-app' },
    revoked: { bot: false, app: false },
    scopes: new Set(scopes),
    /** Where the fake is reached. */
    origin: () => '',
    team: 'T0OURS',
    bot: { user: 'U0BOT', id: 'B0BOT', app: 'A0OURS' },
    /** Channels and how they stand: `member` is whether the bot is in it. */
    channels: new Map([
      ['C0RUNS', { member: true, archived: false, deleted: false, editable: true }],
      ['C0OPS', { member: true, archived: false, deleted: false, editable: true }],
    ]),
    /** So many look-ups do not show a message yet that was just accepted. */
    hiddenLooks: 0,
    members: new Map<string, Member>([
      ['U0ADA', { id: 'U0ADA', team_id: 'T0OURS', name: 'Ada' }],
      ['U0GUEST', { id: 'U0GUEST', team_id: 'T0OURS', name: 'Gil', is_restricted: true }],
      ['U0FOREIGN', { id: 'U0FOREIGN', team_id: 'T0OTHER', name: 'Fay' }],
    ]),
    /** User groups and who is in them. */
    groups: new Map<string, Set<string>>([['S0OPS', new Set(['U0ADA'])]]),
    messages: [] as StoredMessage[],
    privately: [] as PrivateAnswer[],
    /** Each call: its method, for which channel, how it was answered, and when, by the process's clock in milliseconds. */
    calls: [] as { method: string; channel: string; answer: string; at: number }[],
    /** Everything the fake refused because it broke Slack's rules: our own mistakes. */
    rejected: [] as string[],
    /** How many processes use the tokens. */
    processes: 1,
    triggers: new Map<string, { at: number; used: boolean }>(),
    responseUrls: new Map<string, { user: string; channel: string; thread: string | null; uses: number }>(),
    views: [] as { id: string; hash: string; view: Record<string, unknown>; seen: string }[],
    /** Files by id: announced with a length, then uploaded, then shared. */
    files: new Map<string, { name: string; length: number; bytes: Buffer | null; shared: boolean }>(),
    faults: new Map<string, { fault: Fault; times: number }[]>(),
    /** A time stamp nobody had before, in Slack's form. */
    ts(): string {
      clock += 1;
      return `1795435200.${String(clock).padStart(6, '0')}`;
    },
    id: (prefix: string) => `${prefix}${++count}`,
  };
}

export type State = ReturnType<typeof openState>;
