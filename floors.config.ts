/** The floors of the house as import rules: downward only, and each refusal says what to do instead. */
import type { OxlintOverride } from 'oxlint';

/** An import a floor refuses. The message tells what to do instead, since that is what the reader needs next. */
interface Refusal {
  /** Gitignore patterns of import paths, where one of them has to be let through again. */
  group?: string[];
  /** Or a regular expression; Rust's, so without look-around. */
  regex?: string;
  allowTypeImports?: boolean;
  message: string;
}

const tests: Refusal = {
  regex: '^(\\.\\./)+tests/',
  message:
    'Nothing imports tests/: move what both need into the floor it belongs to, and let the test import it there.',
};
const page: Refusal = {
  regex: '^(\\.\\./)+status-page/',
  message: 'status-page/ stands on top: move what both need into db/history.ts and let the page read it there.',
};
const environment: Refusal = {
  regex: '^(node:)?process$',
  message:
    'Use the global `process`; read the environment in bot/main.ts, bot/worker.ts or a *-command.ts and pass it on.',
};
const detour: Refusal = {
  regex: '^(\\.\\./)+(bot|db|scraper)/',
  message: 'Cross a floor by its name: #bot/…, #db/… or #scraper/…; stay on one with ./',
};
const everywhere = [tests, page, environment, detour];

const insideBot: Refusal = {
  regex: '^\\.\\./[^.]',
  message: 'Cross a floor by its name: #bot/…; stay on one with ./',
};
const downFromBot: Refusal = {
  regex: '^\\./(runs|chat|commands|page)/',
  message: 'Cross a floor by its name: #bot/runs/…, #bot/chat/…, #bot/page/…, #bot/commands/index.ts.',
};
const commandsBehindTheirIndex: Refusal = {
  group: ['#bot/commands/*', '!#bot/commands/index.ts'],
  message: 'Reach the commands through #bot/commands/index.ts: the registry is their only door.',
};
/** The top floor: what puts surfaces, commands and the files of bot/ together into a process. */
const composers = [
  'bot/bot.ts',
  'bot/run-process.ts',
  'bot/open-surfaces.ts',
  'bot/doctor.ts',
  'bot/main.ts',
  'bot/worker.ts',
  'bot/*-command.ts',
];
const speakers = ['slack', 'discord', 'console', 'commands'];

/** Refusals shared by the two pure folders: what they work on comes in as arguments, what they decide goes out as data. */
const upwards: Refusal = {
  regex: '^#bot/([^/]+\\.ts$|slack/|discord/|console/|commands/)',
  message: 'This floor is below: return data and let the caller in bot/ act on it.',
};
const machinery: Refusal = {
  regex: '^(node:|(postgres|pg|pg-boss|drizzle-orm|got-scraping|cheerio|pino|astro|@slack|discord\\.js)(/|$))',
  message: 'This folder is pure: take what it needs as an argument and leave I/O to the files of bot/.',
};

function floor(files: string[], refusals: Refusal[], more: OxlintOverride['rules'] = {}, excludeFiles: string[] = []) {
  const rules = {
    ...more,
    'no-restricted-imports': ['error', { patterns: refusals }],
  } satisfies OxlintOverride['rules'];
  return { files, excludeFiles, rules };
}

/** Says where the environment is read. Everywhere else it comes as an argument, so that a test can pass another one. */
export const noEnvironment = {
  object: 'process',
  property: 'env',
  message:
    'Read the environment in bot/main.ts, bot/worker.ts or a *-command.ts and pass what is needed as an argument.',
};

const pureRules: OxlintOverride['rules'] = {
  'no-restricted-globals': [
    'error',
    ...['process', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'performance', 'crypto'].map((name) => ({
      name,
      message:
        'This folder is pure: take what it needs as an argument and leave I/O, clocks and chance to the files of bot/.',
    })),
  ],
  'no-restricted-properties': [
    'error',
    noEnvironment,
    { object: 'Date', property: 'now', message: 'This folder is pure: take `now` as an argument.' },
    { object: 'Math', property: 'random', message: 'This folder is pure: take the random number as an argument.' },
  ],
};

/** Each source file is under exactly one of these: a later override replaces an earlier one's refusals, it does not add. */
export const floors: OxlintOverride[] = [
  floor(
    ['scraper/**/*.ts'],
    [
      ...everywhere,
      {
        regex: '^#(bot|db)/',
        message:
          'scraper/ knows no chat, no run and no database: take it through ScrapeContext, return it in PlatformResult.',
      },
    ],
  ),
  floor(
    ['db/**/*.ts'],
    [
      ...everywhere,
      { regex: '^#bot/', message: 'db/ is below bot/: take plain values as arguments and return rows.' },
      {
        regex: '^#scraper/',
        allowTypeImports: true,
        message: 'db/ stores what scraper/ describes and runs none of it: use `import type`.',
      },
    ],
  ),
  floor(
    ['bot/runs/**/*.ts'],
    [
      ...everywhere,
      insideBot,
      upwards,
      {
        regex: '^#bot/chat/',
        message: 'bot/runs decides and does not word it: return data and let bot/chat put it into words.',
      },
      {
        regex: '^#(db|scraper)/',
        allowTypeImports: true,
        message: 'bot/runs is pure: use `import type`, and take rows and settings as arguments.',
      },
      {
        regex: '^([a-z]|@)',
        message:
          'bot/runs is pure: take what it needs as an argument (`now`, a random number, rows) and leave I/O to bot/.',
      },
    ],
    pureRules,
  ),
  floor(
    ['bot/chat/**/*.ts'],
    [
      ...everywhere,
      insideBot,
      upwards,
      machinery,
      {
        regex: '^#(db|scraper)/',
        message: 'bot/chat words what bot/runs decided: take it as an argument, with a type that bot/runs exports.',
      },
    ],
    pureRules,
  ),
  ...speakers.map((own) =>
    floor(
      [`bot/${own}/**/*.ts`],
      [
        ...everywhere,
        insideBot,
        {
          regex: `^#bot/(${speakers.filter((other) => other !== own).join('|')})/`,
          message:
            'Surfaces and commands never import one another: put what both need into bot/chat, or let bot/bot.ts hand it over.',
        },
        {
          regex: '^#bot/[^/]+$',
          message:
            'This floor is below bot/*.ts: declare what it needs as an argument and let bot/bot.ts hand it over.',
        },
      ],
    ),
  ),
  floor(
    ['bot/*.ts', 'bot/page/*.ts'],
    [
      ...everywhere,
      downFromBot,
      commandsBehindTheirIndex,
      {
        regex: '^(#bot|\\.)/(slack|discord|console)/',
        message:
          'Only what composes the bot knows the surfaces: work with the Surface of bot/chat and let bot/bot.ts hand it over.',
      },
      {
        regex: '^(#bot|\\.)/(bot|open-surfaces|run-process|main|worker)\\.ts$',
        message:
          'bot.ts, open-surfaces.ts, run-process.ts, main.ts and worker.ts compose this floor: take what it needs as an argument.',
      },
    ],
    {},
    composers,
  ),
  floor(composers, [
    ...everywhere,
    downFromBot,
    commandsBehindTheirIndex,
    {
      regex: '^\\./(slack|discord|console)/',
      message: 'Cross a floor by its name: #bot/slack/…, #bot/discord/…, #bot/console/…',
    },
  ]),
  floor(
    ['status-page/**'],
    [
      tests,
      detour,
      {
        regex: '^#(bot|scraper)/',
        message: 'The page reads what is stored: take it from #db/history.ts, and add a view there if it is missing.',
      },
      {
        group: ['#db/*', '!#db/history.ts'],
        message:
          'The page reads with the rights of a reader: take it from #db/history.ts, and add a view there if it is missing.',
      },
    ],
  ),
  ...[1, 2, 3, 4, 5].map((depth) =>
    floor([`tests/${'*/'.repeat(depth - 1)}*.ts`], [{ ...detour, regex: `^(\\.\\./){${depth}}(bot|db|scraper)/` }]),
  ),
];
