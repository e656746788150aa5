import { testStorms } from '../../contracts/delivery.ts';
import { toldHouse } from '../../helpers/told-house.ts';
import { discordService } from './chat-service.ts';

testStorms(await toldHouse(), discordService, ['post', 'edit', 'look', 'open a thread']);
