import { testHealing } from '../../contracts/delivery.ts';
import { toldHouse } from '../../helpers/told-house.ts';
import { discordService } from './chat-service.ts';

testHealing(await toldHouse(), discordService);
