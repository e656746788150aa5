/** What Slack's libraries log, taken into ours: warnings and errors only, as their debug logs hold whole payloads. */
import { LogLevel, type Logger } from '@slack/bolt';
import type { SlackLog } from './options.ts';

/** Longest remark of a library that is kept, characters. */
const REMARK_LIMIT = 300;

/** A logger for Slack's libraries. `secrets` are struck out, wherever a library may quote them. */
export function libraryLog(log: SlackLog, secrets: readonly string[]): Logger {
  const remark = (parts: unknown[]) => {
    let text = parts.map((part) => (part instanceof Error ? `${part.name}: ${part.message}` : plain(part))).join(' ');
    for (const secret of secrets) text = text.replaceAll(secret, '[secret]');
    return { remark: text.slice(0, REMARK_LIMIT).toWellFormed() };
  };
  return {
    debug() {},
    info() {},
    warn: (...parts) => log.warn(remark(parts), 'a remark of the Slack library'),
    error: (...parts) => log.warn(remark(parts), 'an error in the Slack library'),
    setLevel() {},
    getLevel: () => LogLevel.WARN,
    setName() {},
  };
}

function plain(part: unknown): string {
  return typeof part === 'string' || typeof part === 'number' ? String(part) : typeof part;
}
