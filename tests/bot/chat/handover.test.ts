import { expect, it } from 'vitest';
import { handoverNotice, missedNotice } from '#bot/chat/handover-words.ts';
import { answers, golden } from '../../helpers/conversation.ts';
import { after, aTelling, NOON } from '../../helpers/facts.ts';

it('what happened while nobody spoke, and times that were missed, read well aloud', async () => {
  const told = aTelling({ now: after(1_020) });
  const away = { from: after(180), to: after(1_140) };
  const nothing = { goOn: [], closed: [], rescraped: [], missed: [] };
  const once = { schedule: 'nightly', count: 1, first: after(600), last: after(600), caughtUp: null };
  const often = { schedule: 'hourly', count: 3, first: after(300), last: after(900), caughtUp: 45 };
  const runs = Array.from({ length: 14 }, (_, index) => index + 30);
  const said = [
    handoverNotice({ goOn: [42], closed: [40], rescraped: [44], missed: [once, often] }, away, told),
    handoverNotice({ ...nothing, goOn: runs }, away, told),
    missedNotice(once, told),
    missedNotice(often, told),
  ];
  await expect(answers(said.filter((one) => one !== null))).toMatchFileSnapshot(golden('handover'));
  expect(said).not.toContain(null);
  expect(handoverNotice(nothing, { from: NOON, to: after(7_200) }, told)).toBeNull();
});
