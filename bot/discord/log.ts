/** What is needed of a log here: a static message, data as fields. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
