/** Hosts that asked to be left in peace: known to every worker on every machine, and still known after a restart. */
import { sql } from './drizzle.ts';
import type { Db } from './client.ts';
import { withRetries } from './errors.ts';

/** One host and how much longer it wants to be left in peace, milliseconds: a length of time, since clocks of machines differ. */
export interface HostPause {
  host: string;
  waitMs: number;
}

/** The table of pauses. Writing needs no lease: what a site said is true whoever passes it on. */
export interface HostPauses {
  /** A longer pause that is known already stays. */
  keep(pause: HostPause): Promise<void>;
  /** Those that are not over yet. */
  known(): Promise<HostPause[]>;
}

/** The table in this database; both methods wait out a passing trouble of it, and reject when it lasts. */
export function hostPausesIn(db: Db): HostPauses {
  return {
    async keep({ host, waitMs }) {
      await withRetries(() =>
        db.execute(sql`
          insert into host_pauses as known (host, until) values (${host}, now() + ${waitMs} * interval '1 millisecond')
          on conflict (host) do update set until = greatest(known.until, excluded.until)`),
      );
    },
    async known() {
      const rows = await withRetries(() =>
        db.execute<{ host: string; wait_ms: number }>(sql`
          select host, (extract(epoch from until - now()) * 1000)::float8 as wait_ms
          from host_pauses where until > now()`),
      );
      return rows.map(({ host, wait_ms }) => ({ host, waitMs: wait_ms }));
    },
  };
}
