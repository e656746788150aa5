import { bet9ja } from '#scraper/platforms/bet9ja/index.ts';
import { betpawa } from '#scraper/platforms/betpawa/index.ts';
import { sportybet } from '#scraper/platforms/sportybet/index.ts';
import { testPlatform } from '../../contracts/platform.ts';

testPlatform({ platform: sportybet, id: 'sportybet', unknownKey: 'sr:match:1' });
testPlatform({ platform: bet9ja, id: 'bet9ja', unknownKey: '1' });
testPlatform({ platform: betpawa, id: 'betpawa', unknownKey: '1' });
