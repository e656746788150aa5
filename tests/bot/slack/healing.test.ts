import { testHealing } from '../../contracts/delivery.ts';
import { toldHouse } from '../../helpers/told-house.ts';
import { slackService } from './chat-service.ts';

testHealing(await toldHouse(), slackService);
