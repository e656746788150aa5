/** The sites we scrape. A new one is a folder beside this file and a line in this list. */
import type { Platform } from '../platform.ts';
import { bet9ja } from './bet9ja/index.ts';
import { betpawa } from './betpawa/index.ts';
import { bringatrailer } from './bringatrailer/index.ts';
import { sportybet } from './sportybet/index.ts';

/** Every platform, in the order people see them. */
export const platforms: readonly Platform[] = [sportybet, bet9ja, betpawa, bringatrailer];

/** The platform with this id, or undefined. */
export function findPlatform(id: string): Platform | undefined {
  return platforms.find((platform) => platform.id === id);
}
