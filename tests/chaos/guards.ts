/** Guards of the house, one by one: how each is taken away, and the tests that must notice. */

/** One guard. */
export interface Guard {
  name: string;
  /** What would happen without it. */
  without: string;
  file: string;
  /** A part of the file that stands there once, and what takes its place. */
  from: string;
  to: string;
  /** Test files that must fail then. */
  tests: readonly string[];
}

export const guards: readonly Guard[] = [
  {
    name: 'look for a post before posting it again',
    without: 'a message whose answer was lost stands twice',
    file: 'bot/deliveries.ts',
    from: `(row?.state === 'sending' ? await surface.find(name, thread) : null)`,
    to: 'null',
    tests: ['tests/bot/narrator.test.ts', 'tests/bot/slack/delivering.test.ts'],
  },
  {
    name: 'the lease’s number on every write',
    without: 'a worker that was taken for dead writes into what another one does',
    file: 'db/jobs.ts',
    from: "where id = ${held.id} and lease = ${held.lease} and status = 'running' for no key update`);",
    to: 'where id = ${held.id} for no key update`);',
    tests: ['tests/faults/workers.test.ts'],
  },
  {
    name: 'one decision about a chain at a time',
    without: 'two people start two retries of the same thing, or one is refused by the database',
    file: 'db/chains.ts',
    from: 'await tx.execute(sql`select 1 from runs where id = ${rootId} for no key update`);',
    to: 'await tx.execute(sql`select ${rootId}::int`);',
    tests: ['tests/bot/once.test.ts'],
  },
  {
    name: 'an action is written down once',
    without: 'a press that is delivered twice starts two runs',
    file: 'db/runs.ts',
    from: 'values (${action.surface}, ${action.id}, ${JSON.stringify(action.actor)}',
    to: 'values (${action.surface}, ${action.id} || random(), ${JSON.stringify(action.actor)}',
    tests: ['tests/bot/once.test.ts'],
  },
  {
    name: 'texts are made well-formed',
    without: 'a title with half a character or a NUL cannot be stored',
    file: 'scraper/well-formed.ts',
    from: '  const whole = text.toWellFormed();\n  if (!unwanted.test(whole)) return whole;\n  return withoutControls(whole);',
    to: '  return unwanted.test("") ? withoutControls(text) : text;',
    tests: ['tests/faults/border-fuzz.test.ts'],
  },
  {
    name: 'strict decompression',
    without: 'an answer that was cut off is taken for whole',
    file: 'scraper/decompress.ts',
    from: "if (code === 'Z_BUF_ERROR') throw new ScrapeError('truncated', `the ${encoding} data stops in the middle`);",
    to: "if (code === 'Z_BUF_ERROR') return body;",
    tests: ['tests/scraper/decompress.test.ts'],
  },
  {
    name: 'nobody is mentioned in Discord',
    without: 'a scraped @everyone pings everyone',
    file: 'bot/discord/sender.ts',
    from: 'export const SILENT = { parse: [] } as const;',
    to: "export const SILENT = { parse: ['everyone', 'users', 'roles'] } as const;",
    tests: ['tests/bot/discord/hostile-runs.test.ts'],
  },
  {
    name: 'texts are escaped for Slack',
    without: 'a scraped <!channel> pings the channel',
    file: 'bot/slack/text.ts',
    from: "return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');",
    to: 'return text;',
    tests: ['tests/bot/slack/hostile-runs.test.ts'],
  },
  {
    name: 'a nonce that Discord enforces',
    without: 'a message whose answer was lost stands twice, when it is not found yet',
    file: 'bot/discord/sender.ts',
    from: '      enforce_nonce: true,\n    };',
    to: '      enforce_nonce: false,\n    };',
    tests: ['tests/bot/discord/storms.test.ts', 'tests/bot/discord/posts.test.ts'],
  },
  {
    name: 'claims are made one at a time',
    without: 'two workers scrape one platform at once, against its limit',
    file: 'db/jobs.ts',
    from: "  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('rescrape:claim'))`);\n",
    to: '',
    tests: ['tests/bot/run-worker.test.ts', 'tests/bot/job-service.test.ts', 'tests/db/locks.test.ts'],
  },
  {
    name: 'failures are compared one after the other',
    without: 'two platforms that fail at the same moment do not find their common cause',
    file: 'db/common-causes.ts',
    from: "  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('rescrape:common-cause'))`);\n",
    to: '',
    tests: ['tests/bot/common-cause.test.ts'],
  },
  {
    name: 'addresses are checked when they are connected to',
    without: 'a site leads the scraper into our own network',
    file: 'scraper/public-address.ts',
    from: "  if (isIP(address) === 4) return !reserved4.check(address, 'ipv4');",
    to: '  if (isIP(address) === 4) return true;',
    tests: ['tests/scraper/public-address.test.ts', 'tests/scraper/http-address.test.ts'],
  },
  {
    name: 'a platform is scraped once at a time',
    without: 'after an outage, hundreds of runs ask one site at once',
    file: 'db/jobs.ts',
    from: '(select count(*) from running o where o.platform = j.platform and o.id <> j.id) < ${limits.jobsPerPlatform}',
    to: '${limits.jobsPerPlatform} > 0',
    tests: ['tests/bot/job-service.test.ts'],
  },
  {
    name: 'runs that nobody is at are closed',
    without: 'a run of last week stands there as running for ever',
    file: 'db/handover.ts',
    from: 'where r.finished_at is null and r.created_at < now() - ${maxAgeHours}',
    to: 'where r.finished_at is null and r.created_at < now() - 1000 * ${maxAgeHours}',
    tests: ['tests/bot/presence.test.ts', 'tests/faults/queue.test.ts'],
  },
  {
    name: 'the last one stops the bundled database',
    without: 'the first process that ends takes the database from the others, or nobody ever stops it',
    file: 'db/embedded.ts',
    from: 'if (presence.lost.aborted || !(await isLastUser(presence))) return;',
    to: 'if (presence.lost.aborted) return;',
    tests: ['tests/db/embedded.test.ts', 'tests/faults/embedded.test.ts'],
  },
  {
    name: 'an error that nothing handled is told without its secrets',
    without: 'a process ends with a trace of its insides, passwords among them',
    file: 'bot/stop-signal.ts',
    from: "  process.on('uncaughtException', onError).on('unhandledRejection', onError);\n",
    to: '',
    tests: ['tests/faults/bots.test.ts'],
  },
];
