/** What delivering does where something is gone or closed: with Slack and with Discord, each before its fake. */
import { describe, expect, it } from 'vitest';
import { anIntent } from '../helpers/house.ts';
import type { ToldHouse } from '../helpers/told-house.ts';
import { broken, brokenRun, isQuiet, stands, threads, type ChatService } from './delivery.ts';

/** `patient` opens the service with the usual wait for what a person has to put right: a test never sees its end. */
export function testDeadEnds({ house, db, narrate }: ToldHouse, open: (how?: 'patient') => Promise<ChatService>): void {
  const start = () => house.runs.start(anIntent(), ['sportybet', 'bet9ja']);
  const retry = () => house.runs.retry(anIntent(), { run: 1, platforms: ['bet9ja'], pressed: false });

  /** The message that begins so. */
  function saying(service: ChatService, words: string): string {
    const found = service.standing().find((one) => one.text.includes(words));
    if (found === undefined) throw new Error(`nothing says ${words}`);
    return found.id;
  }

  describe('a message that somebody deleted', () => {
    it('is told anew with everything under it when it was the card, and once', async () => {
      await using service = await open();
      const narrator = narrate([service.surface]);
      await start();
      await house.workAll(broken);
      await stands(service, narrator, [brokenRun(1)]);
      service.remove(saying(service, 'Run 1 is partly done'));
      await retry();
      await house.workAll();
      await stands(service, narrator, [
        [/Run 1: 2\/2 platforms complete after 1 retry/, ...brokenRun(1).slice(1), /Run 2 retried bet9ja/],
      ]);
      expect(service.mistakes()).toEqual([]);
    });

    it('is told anew alone when it was a reply, as soon as there is something new to say in it', async () => {
      await using service = await open();
      const narrator = narrate([service.surface]);
      await start();
      await house.workAll(broken);
      await stands(service, narrator, [brokenRun(1)]);
      service.remove(saying(service, 'bet9ja broke'));
      await retry();
      await house.workAll();
      await expect.poll(() => threads(service)[0]).toHaveLength(4);
      await isQuiet(service, narrator);
      const [card, ...replies] = threads(service)[0] ?? [];
      expect(card).toMatch(/Run 1: 2\/2 platforms complete after 1 retry/);
      const wanted = [/sportybet delivered/, /bet9ja broke[^]*Retried/, /Run 2 retried bet9ja/];
      for (const reply of wanted) expect(replies.filter((text) => reply.test(text))).toHaveLength(1);
      expect(service.mistakes()).toEqual([]);
    });

    it('is made anew three times, and then no more', async () => {
      await using service = await open();
      const narrator = narrate([service.surface]);
      await start();
      await expect.poll(() => threads(service)).toHaveLength(1);
      for (let deleted = 1; deleted <= 5; deleted += 1) {
        for (const { id } of service.standing()) service.remove(id);
        if (deleted === 1) await house.workAll(broken);
        else await house.runs.retry(anIntent(), { run: 1, platforms: ['bet9ja'], pressed: false });
        if (deleted > 1) await house.workAll(broken);
        await isQuiet(service, narrator);
      }
      expect(service.calls()).toBeLessThan(60);
      expect(await db.execute("select 1 from runs where status in ('pending', 'running')")).toEqual([]);
    });
  });

  describe('a channel that refuses us', () => {
    it('is asked once while another one is told everything, and the runs do not care', async () => {
      await using service = await open('patient');
      service.wrong('removed from the channel');
      narrate([service.surface], { routes: [{ surface: service.surface.name, channel: service.other }] });
      for (let run = 1; run <= 3; run += 1) {
        await start();
        await house.workAll(broken);
      }
      const there = [1, 2, 3].map((id) => brokenRun(id).map((text) => expect.stringMatching(text) as string));
      await expect.poll(() => threads(service, service.other)).toEqual(there);
      expect(threads(service)).toEqual([]);
      expect(service.calls(service.surface.home)).toBe(1);
      const ended = await db.execute('select status, count(*)::int as n from runs group by 1');
      expect([...ended]).toEqual([{ status: 'partial', n: 3 }]);
      expect(service.mistakes()).toEqual([]);
    });
  });
}
