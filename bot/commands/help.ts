import { message, type Message } from '#bot/chat/message.ts';
import type { Command } from './command.ts';

/** The list of commands, for `/scrape help` and for whoever typed something else. */
export function helpMessage(commands: readonly Command[]): Message {
  return message('quiet', 'What you can type', {
    lines: commands.map((command) => ({
      tone: 'quiet',
      name: `/scrape ${command.usage}`,
      text: command.summary,
    })),
  });
}
