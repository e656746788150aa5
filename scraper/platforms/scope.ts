/** Which part of a book is scraped: whole sports, or the competitions that are named. */
import { z } from 'zod';

/** What a book's discovery is limited to. Without competitions: everything the sport has. */
export interface Scope {
  /** Football is the one sport whose markets we know. */
  sports: 'football'[];
  /** The book's own ids; null: all of them. */
  competitions: string[] | null;
}

/** The schema of `scope.<id>` for a book whose competition ids look like this; `example` is shown when one does not. */
export function scopeSchema(competitionId: RegExp, example: string) {
  return z
    .strictObject({
      sports: z
        .array(z.enum(['football'], 'football is the one sport that can be scraped'))
        .min(1)
        .default(['football']),
      competitions: z
        .array(z.string().regex(competitionId, `a competition is named by the book's own id, like ${example}`))
        .min(1, 'name a competition, or leave the list out to scrape all of them')
        .max(1000)
        .nullable()
        .default(null),
    })
    .prefault({});
}
