/** What both lines of presses share. */

/** Presses a second, and in all. */
export const PER_SECOND = 100;
export const PRESSES = 500;
export const PRESS_GOAL = 'p99 under 300 ms';
