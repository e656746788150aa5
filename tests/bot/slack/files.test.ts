import { describe, expect, it } from 'vitest';
import { message } from '#bot/chat/message.ts';
import { DeliveryError, type Answers } from '#bot/chat/surface.ts';
import { openSlack, type OpenSlack } from './open-slack.ts';

const card = { runId: 7, slot: 'card' };
const name = { runId: 7, slot: 'file:3' };
const told = message('quiet', 'Ada asked what run 7 misses of bet9ja', {
  file: { id: 3, name: 'run-7-bet9ja-missing-3.csv' },
});

/** Slack with a card in it, and a bot that has a file. */
async function openWithCard(scopes?: readonly string[]): Promise<OpenSlack & { cardRef: Record<string, unknown> }> {
  const opened = await openSlack({ start: false, before: (slack) => scopes && slack.limit(scopes) });
  const answers: Answers = {
    answer: async () => ({ kind: 'message', message: message('good', 'heard') }),
    suggest: async () => [],
    file: async () => Buffer.from('run\r\n7\r\n'),
  };
  await opened.surface.start(answers);
  const cardRef = await opened.surface.post(card, message('bad', 'Run 7 failed'), null);
  return { ...opened, cardRef };
}

describe('a file in Slack', () => {
  it('that lacks its right waits alone, and says which right it is', async () => {
    await using opened = await openWithCard(['chat:write', 'channels:history', 'users:read']);
    const error = await opened.surface.post(name, told, opened.cardRef).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DeliveryError);
    expect(error).toMatchObject({ kind: 'later', needsPerson: true, onlyThis: true });
    expect((error as DeliveryError).message).toContain('files:write');
  });

  it.each(['files.getUploadURLExternal', 'files.completeUploadExternal'])(
    'is found, or shared once more, when Slack fails in %s',
    async (method) => {
      await using opened = await openWithCard();
      opened.slack.fail(method, { kind: 'cut' });
      await expect(opened.surface.post(name, told, opened.cardRef)).rejects.toMatchObject({ kind: 'later' });
      const found = await opened.surface.find(name, opened.cardRef);
      if (found === null) await opened.surface.post(name, told, opened.cardRef);
      else await opened.surface.edit(name, found, told);
      expect(opened.slack.standing().flatMap((one) => one.files)).toHaveLength(1);
      expect(opened.slack.state.rejected).toEqual([]);
    },
  );
});
