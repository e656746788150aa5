/** Bet9ja's answers: only what we use. Collections come as a list or as an object, whichever its PHP prints. */
import { z } from 'zod';
import { idText, itemId, listOrDict } from '../shape.ts';

/** Every answer's wrapper, always with HTTP 200. `D` is absent or `[]` on errors. */
export const Envelope = z.object({ R: z.string(), D: z.unknown().optional() });

const count = z.union([z.number(), z.string()]).nullish();

const Group = z.object({ ID: idText.nullish(), NUM: count });
const Country = z.object({ G: listOrDict(Group).nullish() });

/** The tree of sports, countries and groups; `NUM` is how many events a group has. Group ids are the keys of `G`. */
export const Sports = z.object({
  PAL: listOrDict(z.object({ S_DESC: z.string().nullish(), SG: listOrDict(Country).nullish() })),
});

/** A group's events. */
export const GroupEvents = z.object({
  E: listOrDict(z.object({ ID: itemId, DS: z.string(), STARTDATE: z.string(), STARTDATEUTC: z.string().nullish() })),
});

/** Which sport an event is of, which comes before everything else. */
export const EventSport = z.object({ SID: idText, S: z.string().nullish() });

/** The answer about a match under way: its state in `A`, the event in `AA`, live odds under keys of their own. */
export const LiveEvent = z.object({ A: z.looseObject({}), AA: z.looseObject({}), O: z.unknown() });

/** One event with all its odds: about a thousand keys in `O`, of which some fifty are ours. */
export const Event = z.object({
  ID: itemId,
  EXTID: idText.nullish(),
  DS: z.string(),
  STARTDATE: z.string(),
  STARTDATEUTC: z.string().nullish(),
  GID: idText.nullish(),
  GN: z.string(),
  SG: z.string().nullish(),
  O: listOrDict(z.unknown()),
});

/** An odds value, as text; as a number in other versions. Dead outcomes are `1`, `-` or empty. */
export const OddsValue = z.union([z.string(), z.number(), z.null()]).transform((odds) => ({ odds }));
