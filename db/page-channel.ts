/**
 * Where triggers say, as they commit, that something has changed that the status page shows besides runs: a note, a mute,
 * a schedule, a platform that is left alone. So nobody who changes one has to think of the page.
 */
export const PAGE_CHANNEL = 'rescrape_page';
