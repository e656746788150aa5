import { testHostileRuns } from '../../contracts/delivery.ts';
import { toldHouse } from '../../helpers/told-house.ts';
import { slackService } from './chat-service.ts';

testHostileRuns(await toldHouse(), slackService);
