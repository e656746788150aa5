import { bet9ja } from '#scraper/platforms/bet9ja/index.ts';
import { betpawa } from '#scraper/platforms/betpawa/index.ts';
import { bringatrailer } from '#scraper/platforms/bringatrailer/index.ts';
import { sportybet } from '#scraper/platforms/sportybet/index.ts';
import { expectMatches } from '../../contracts/book-records.ts';
import { expectLots } from '../../contracts/lot-records.ts';
import { testPlatform } from '../../contracts/platform.ts';

for (const platform of [sportybet, bet9ja, betpawa]) {
  const id = platform.id as 'sportybet' | 'bet9ja' | 'betpawa';
  const key = id === 'sportybet' ? 'sr:match:1' : '1';
  testPlatform({ platform, id, unknown: { key }, delivered: expectMatches(id) });
}

testPlatform({
  platform: bringatrailer,
  id: 'bringatrailer',
  unknown: { key: '555999', payload: { url: 'https://bringatrailer.com/listing/lot-999-gone/' } },
  delivered: expectLots,
});
