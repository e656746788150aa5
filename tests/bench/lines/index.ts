/** Every line of the bench, in the order of the table. */
import type { Line } from '../line.ts';
import { nextSlotInAllZones } from './next-slot.ts';
import { pressInDiscord } from './press-in-discord.ts';
import { pressInSlack } from './press-in-slack.ts';

export const lines: readonly Line[] = [pressInSlack, pressInDiscord, nextSlotInAllZones];
