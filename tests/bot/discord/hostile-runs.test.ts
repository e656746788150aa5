import { testHostileRuns } from '../../contracts/delivery.ts';
import { toldHouse } from '../../helpers/told-house.ts';
import { discordService } from './chat-service.ts';

testHostileRuns(await toldHouse(), discordService);
