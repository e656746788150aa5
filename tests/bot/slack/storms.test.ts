import { testStorms } from '../../contracts/delivery.ts';
import { toldHouse } from '../../helpers/told-house.ts';
import { slackService } from './chat-service.ts';

testStorms(await toldHouse(), slackService, ['post', 'edit', 'look']);
