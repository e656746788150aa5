/** Answers what people ask on a surface: measured, and with a sentence for them when something of ours breaks. */
import { isTransient } from '#db/errors.ts';
import { tooLateAnswer, troubleAnswer } from '#bot/chat/answers.ts';
import type { Answers, Reply, Surface } from '#bot/chat/surface.ts';
import { answerRequest, type CommandServices } from '#bot/commands/index.ts';
import { errorFields, type Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { TooLate } from './once.ts';

/** What answers come from. */
export interface AnsweringParts extends Pick<Answers, 'file' | 'suggest'> {
  services: CommandServices;
  metrics: Pick<Metrics, 'timed'>;
  log: Log;
}

/** What a surface is started with. */
export function answersOn({ name }: Pick<Surface, 'name'>, parts: AnsweringParts): Answers {
  const { services, metrics, log, suggest, file } = parts;
  return {
    answer: (request) =>
      metrics
        .timed(request, () => answerRequest(request, services))
        .catch((error: unknown): Reply => {
          const fields = { surface: name, request: request.id };
          if (error instanceof TooLate) {
            log.warn(fields, 'a request was not written down in time');
            return { kind: 'message', message: tooLateAnswer() };
          }
          log.error({ ...fields, ...errorFields(error) }, 'a request was not answered');
          return { kind: 'message', message: troubleAnswer(isTransient(error)) };
        }),
    suggest: (asked, by) => suggest(asked, by).catch(() => []),
    file,
  };
}
