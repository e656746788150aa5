import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, readFile, readlink, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '#bot/log.ts';
import { createRedactor } from '#bot/redactor.ts';
import { startDatabase } from '#bot/start-database.ts';
import { openDatabase } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { postmasterPid, serverFolder, serverUser, stateOf } from '../helpers/server-user.ts';

const linux = process.platform === 'linux';
const root = process.getuid?.() === 0;

async function query(url: string, text: ReturnType<typeof sql>): Promise<Record<string, unknown> | undefined> {
  await using database = openDatabase(url, { max: 1 });
  return (await database.db.execute(text))[0];
}

async function ended(pid: number): Promise<void> {
  await expect.poll(() => stateOf(pid), { timeout: 20_000 }).not.toBe('alive');
}

// Each test leaves it stopped, with what was stored before.
const folder = await serverFolder();
afterAll(() => folder[Symbol.asyncDispose]());

describe('the bundled server', () => {
  beforeEach(({ skip }) => skip(!linux, 'reads /proc'));

  test('is one server for six processes that come first at once, and stops with the last of them', async () => {
    await using started = new AsyncDisposableStack();
    const users = await Promise.all(Array.from({ length: 6 }, async () => started.use(await serverUser(folder.path))));
    expect(users.map(({ answer }) => answer.error)).toEqual(users.map(() => undefined));
    expect(new Set(users.map(({ answer }) => answer.url)).size).toBe(1);
    const pid = await postmasterPid(folder.path);
    await Promise.all(users.slice(1).map((user) => user.release()));
    expect(await stateOf(pid)).toBe('alive');
    await users[0]!.release();
    expect(await stateOf(pid)).not.toBe('alive');
  });

  test('speaks UTF-8 without any LANG, keeps its data and listens on 127.0.0.1 alone', async () => {
    await using first = await serverUser(folder.path, { env: { PATH: process.env['PATH'] } });
    expect(first.answer.error).toBeUndefined();
    const { url } = first.answer;
    expect(
      await query(
        url,
        sql`select current_setting('listen_addresses') as listens, current_setting('unix_socket_directories') as sockets,
                   current_setting('server_encoding') as encoding, current_setting('fsync') as fsync,
                   (select datlocprovider::text || ' ' || datlocale from pg_database where datname = current_database()) as locale,
                   upper('äß') as upper, current_database() as database`,
      ),
    ).toEqual({
      listens: '127.0.0.1',
      sockets: '',
      encoding: 'UTF8',
      fsync: 'on',
      locale: 'b C.UTF-8',
      upper: 'Äß',
      database: 'rescrape',
    });
    expect((await stat(join(folder.path, 'postgres.password'))).mode & 0o777).toBe(0o600);
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, sql`select 1`)).rejects.toMatchObject({ cause: { code: '28P01' } });
    await query(url, sql`create table texts as select 'kept' as text`);

    const pid = await postmasterPid(folder.path);
    await first.release();
    expect(await stateOf(pid)).not.toBe('alive');

    await using second = await serverUser(folder.path);
    expect(second.answer.url).toBe(url);
    expect(await query(second.answer.url, sql`select text from texts`)).toEqual({ text: 'kept' });
    await second.release();
  });

  test('outlives a Ctrl-C and a kill -9 of who started it, and is used again by the next one', async () => {
    await using first = await serverUser(folder.path, { detached: true });
    const pid = await postmasterPid(folder.path);
    const exited = once(first.child, 'exit');
    process.kill(-first.child.pid!, 'SIGINT');
    await exited;
    await using second = await serverUser(folder.path);
    expect(await postmasterPid(folder.path)).toBe(pid);
    second.child.kill('SIGKILL');
    await using third = await serverUser(folder.path);
    expect(await postmasterPid(folder.path)).toBe(pid);
    await third.release();
    expect(await stateOf(pid)).not.toBe('alive');
  });

  test('is not stopped under a client that is connected to it', async () => {
    await using user = await serverUser(folder.path);
    const pid = await postmasterPid(folder.path);
    {
      await using client = openDatabase(user.answer.url);
      await client.db.execute(sql`select 1`);
      await user.release();
      expect(await stateOf(pid)).toBe('alive');
      await client.db.execute(sql`select 1`);
    }
    await using last = await serverUser(folder.path);
    await last.release();
    expect(await stateOf(pid)).not.toBe('alive');
  });

  test('whose address was printed keeps running until somebody who used it leaves', async () => {
    const command = fileURLToPath(new URL('../../db/url-command.ts', import.meta.url));
    const env = { PATH: process.env['PATH'], DATA_DIR: folder.path };
    const { stdout } = await promisify(execFile)(process.execPath, [command], { env });
    const pid = await postmasterPid(folder.path);
    expect(await query(stdout.trim(), sql`select current_database() as name`)).toEqual({ name: 'rescrape' });
    expect(await stateOf(pid)).toBe('alive');
    await using user = await serverUser(folder.path);
    expect(user.answer.url).toBe(stdout.trim());
    await user.release();
    expect(await stateOf(pid)).not.toBe('alive');
  });

  test('comes back at the same address when it is killed while it is used', async () => {
    await using user = await serverUser(folder.path);
    await query(user.answer.url, sql`create table kept as select 1 as one`);
    const pid = await postmasterPid(folder.path);
    process.kill(pid, 'SIGKILL');
    await expect
      .poll(() => query(user.answer.url, sql`select one from kept`).catch(() => null), { timeout: 30_000 })
      .toEqual({ one: 1 });
    expect(await postmasterPid(folder.path)).not.toBe(pid);
    await user.release();
  });

  test('starts beside a zombie of itself, and beside a stranger who was given its process number', async () => {
    await using first = await serverUser(folder.path);
    const zombie = await postmasterPid(folder.path);
    // A parent that is stopped does not learn of its child's end, so the child stays a zombie.
    first.child.kill('SIGSTOP');
    process.kill(zombie, 'SIGKILL');
    await expect.poll(() => stateOf(zombie)).toBe('zombie');
    await using second = await serverUser(folder.path);
    expect(second.answer.error).toBeUndefined();
    expect(await query(second.answer.url, sql`select one from kept`)).toEqual({ one: 1 });
    first.child.kill('SIGKILL');

    const killed = await postmasterPid(folder.path);
    second.child.kill('SIGKILL');
    process.kill(killed, 'SIGKILL');
    await ended(killed);
    const stranger = spawn('sleep', ['60']);
    const pidFile = join(folder.path, 'postgres', 'postmaster.pid');
    await writeFile(pidFile, (await readFile(pidFile, 'utf8')).replace(/^\d+/, String(stranger.pid)));
    await using third = await serverUser(folder.path);
    expect(third.answer.error).toBeUndefined();
    expect(await query(third.answer.url, sql`select one from kept`)).toEqual({ one: 1 });
    expect(stranger.exitCode).toBeNull();
    stranger.kill();
    await third.release();
  });

  test('survives that one process starts while another stops it, over and over', async () => {
    async function comeAndGo(): Promise<void> {
      for (let round = 0; round < 5; round++) {
        await using user = await serverUser(folder.path);
        expect(user.answer.error).toBeUndefined();
        expect(await query(user.answer.url, sql`select 1 as one`)).toEqual({ one: 1 });
        await user.release();
      }
    }
    await Promise.all([comeAndGo(), comeAndGo()]);
    await expect(postmasterPid(folder.path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('that cannot start says why, with the last lines of its log', async () => {
    const settings = join(folder.path, 'postgres', 'postgresql.conf');
    const sound = await readFile(settings, 'utf8');
    await writeFile(settings, `${sound}\nno_such_setting = 1\n`);
    await using broken = await serverUser(folder.path);
    await writeFile(settings, sound);
    expect(broken.answer.error).toContain('did not start');
    expect(broken.answer.error).toContain('no_such_setting');
    expect(broken.answer.error).toContain('DATABASE_URL');
  });

  test('has a password that is taken out of whatever the process writes', async () => {
    const redactor = createRedactor();
    const parts = { log: createLog('silent', 'test', redactor), redactor };
    const located = await startDatabase({ databaseUrl: null, dataDir: folder.path }, parts);
    const { password } = new URL(located.url);
    await located.release();
    expect(password).not.toBe('');
    expect(redactor.clean(`reached ${located.url}`)).not.toContain(password);
  });

  test('whose password is gone is not overwritten', async () => {
    const password = join(folder.path, 'postgres.password');
    await rename(password, `${password}.away`);
    await using locked = await serverUser(folder.path);
    await rename(`${password}.away`, password);
    expect(locked.answer.error).toContain('Put the file back');
  });

  test('does not exist for every machine, and says what to do there', async () => {
    await using own = await serverFolder();
    await using user = await serverUser(own.path, {}, 'mips');
    expect(user.answer.error).toContain('Set DATABASE_URL');
  });

  test('run by a normal user belongs to that user', async ({ skip }) => {
    skip(!root, 'this run is by a normal user, so every other test shows it');
    const nobody = 65_534;
    await using own = await serverFolder();
    await chown(own.path, nobody, nobody);
    const env = { PATH: process.env['PATH'], HOME: '/' };
    const user = await serverUser(own.path, { uid: nobody, gid: nobody, env }).catch(() => null);
    skip(user === null, 'a normal user cannot reach this copy of node');
    await using normal = user!;
    expect(normal.answer.error).toBeUndefined();
    expect((await stat(join(own.path, 'postgres'))).uid).toBe(nobody);
    await query(normal.answer.url, sql`create table kept as select 1 as one`);
    await normal.release();
    // Root uses it as the user it belongs to.
    await using later = await serverUser(own.path);
    expect(await query(later.answer.url, sql`select one from kept`)).toEqual({ one: 1 });
    await later.release();
  });

  test('run by root in a folder closed to others lives outside, and says so', async ({ skip }) => {
    skip(!root, 'only root lends its server to another account');
    await using own = await serverFolder();
    const closed = join(own.path, 'closed');
    await mkdir(closed, { mode: 0o700 });
    await chmod(closed, 0o700);
    await using first = await serverUser(join(closed, 'data'));
    expect(first.answer.error).toBeUndefined();
    const outside = await readlink(join(closed, 'data', 'postgres'));
    try {
      expect(outside).toMatch(/^\/var\/lib\/rescrape\//);
      expect(JSON.stringify(first.answer.notes)).toContain(outside);
      await query(first.answer.url, sql`create table kept as select 1 as one`);
      await first.release();
      await using second = await serverUser(join(closed, 'data'));
      expect(await query(second.answer.url, sql`select one from kept`)).toEqual({ one: 1 });
      await second.release();
    } finally {
      await rm(outside, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    }
  });
});
