/** Codes of Discord that mean something here; plain numbers, as that is how they arrive. */

/** Codes of the API's errors. */
export const CODES = {
  unknownChannel: 10_003,
  unknownGuild: 10_004,
  unknownMessage: 10_008,
  /** Too many edits of a message older than an hour; comes as HTTP 429. */
  oldMessageEdits: 30_046,
  alreadyAnswered: 40_060,
  missingAccess: 50_001,
  /** The message was written by another bot: the token is of a new application. */
  notOurs: 50_005,
  missingPermissions: 50_013,
  invalidBody: 50_035,
  archivedThread: 50_083,
  threadExists: 160_004,
  threadLocked: 160_005,
  threadsFull: 160_006,
} as const;

/** Why the gateway closes a connection for good. */
export const CLOSES = {
  authenticationFailed: 4004,
  invalidShard: 4010,
  shardingRequired: 4011,
  invalidVersion: 4012,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const;
