import { expect } from 'vitest';
import { message } from '#bot/chat/message.ts';
import { testSurface } from '../../contracts/surface.ts';
import { openSlack } from './open-slack.ts';

testSurface('slack', async () => {
  const { slack, surface, ...opened } = await openSlack({ start: false });
  const name = { runId: 7, slot: 'card' };
  const button = (id: string) => ({ id, label: 'Retry', hint: null, disabled: false });
  const up = () => expect.poll(() => surface.state().kind).toBe('up');
  return {
    surface,
    async type(text) {
      await up();
      await slack.person.command(text);
    },
    async press(action) {
      await up();
      const posted = await surface.post(name, message('bad', 'broken', { buttons: [button(action)] }), null);
      await slack.person.press(String(posted['ts']), action);
    },
    standing: async () => slack.standing().map((one) => one.seen),
    files: async () =>
      slack
        .standing()
        .flatMap((one) => one.files)
        .map(({ id, name: filename }) => ({
          name: filename,
          text: slack.state.files.get(id)?.bytes?.toString('utf8') ?? '',
        })),
    answers: async () => slack.state.privately.map((one) => one.seen),
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]();
      expect(slack.state.rejected).toEqual([]);
    },
  };
});
