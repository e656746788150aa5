import { describe, expect, it } from 'vitest';
import { channelsOf, type Route } from '#bot/runs/routes.ts';
import { aChain, aPartialRun, aRetry, aRun, aJob } from '../../helpers/facts.ts';

const partial = aChain(aPartialRun());
const scheduled = aChain(aRun({ trigger: 'schedule:hourly' }));
const running = aChain(aRun({ status: 'running', jobs: [aJob({ status: 'running' })] }));

/** The channels a chain is told in, with home H. */
function told(chain: typeof partial, ...routes: Omit<Route, 'surface'>[]): string[] {
  const all = routes.map((route) => ({ surface: 'slack', ...route }));
  return channelsOf('slack', 'H', all)
    .filter((one) => one.tells(chain))
    .map((one) => one.channel);
}

describe('where a run is told', () => {
  it('is at home, without any route', () => {
    expect(told(partial)).toEqual(['H']);
  });

  it('is besides where a route leads, once per channel', () => {
    expect(told(partial, { channel: 'A' }, { channel: 'A', platforms: ['bet9ja'] })).toEqual(['H', 'A']);
  });

  it('is decided by its platforms: one of them is enough', () => {
    expect(told(partial, { channel: 'A', platforms: ['bet9ja', 'betking'] })).toEqual(['H', 'A']);
    expect(told(partial, { channel: 'A', platforms: ['betking'] })).toEqual(['H']);
  });

  it('is decided by how it ended, and by nothing before it has', () => {
    const route = { channel: 'A', statuses: ['partial', 'failed'] as const };
    expect(told(partial, route)).toEqual(['H', 'A']);
    expect(told(scheduled, route)).toEqual(['H']);
    expect(told(running, { channel: 'A', statuses: ['running'] })).toEqual(['H']);
  });

  it('stays the same through its retries, however they end', () => {
    const retried = aChain(aPartialRun(), aRetry({ status: 'completed' }));
    expect(told(retried, { channel: 'A', statuses: ['partial'] })).toEqual(['H', 'A']);
  });

  it('is decided by its schedule', () => {
    expect(told(scheduled, { channel: 'A', schedules: ['hourly'] })).toEqual(['H', 'A']);
    expect(told(partial, { channel: 'A', schedules: ['hourly'] })).toEqual(['H']);
  });

  it('wants every filter of a route to fit, and one route of several', () => {
    expect(told(partial, { channel: 'A', platforms: ['bet9ja'], schedules: ['hourly'] })).toEqual(['H']);
    expect(told(partial, { channel: 'A', schedules: ['hourly'] }, { channel: 'A', platforms: ['bet9ja'] })).toEqual([
      'H',
      'A',
    ]);
  });

  it('can be narrowed at home too', () => {
    expect(told(partial, { channel: 'H', statuses: ['failed'] })).toEqual([]);
    expect(told(partial, { channel: 'H', statuses: ['partial'] })).toEqual(['H']);
  });

  it('does not follow the routes of another surface', () => {
    const routes: Route[] = [{ surface: 'discord', channel: '5' }];
    expect(channelsOf('slack', 'H', routes).map((one) => one.channel)).toEqual(['H']);
  });
});
