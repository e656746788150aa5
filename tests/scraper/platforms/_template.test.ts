import { template } from '#scraper/platforms/_template/index.ts';
import { testRecordedPlatform } from '../../contracts/recorded-platform.ts';

testRecordedPlatform({ platform: template, folder: '_template', isTemplate: true });
