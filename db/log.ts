/** The part of a logger this floor needs; pino's shape: data first, then a static message. */
export interface DatabaseLog {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
}

/** For commands: what is worth saying goes to stderr, so that stdout holds nothing but the answer. */
export const stderrLog: DatabaseLog = {
  info: (fields, message) => print(fields, message),
  warn: (fields, message) => print(fields, message),
};

function print(fields: Record<string, unknown>, message: string): void {
  const data = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);
  process.stderr.write(`${[message, ...data].join(' ')}\n`);
}
