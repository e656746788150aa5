import { describe, expect, it } from 'vitest';
import { loadConfig } from '#bot/config.ts';
import { createRedactor, secretsOf } from '#bot/redactor.ts';
import { platforms } from '#scraper/index.ts';

const env = {
  DATABASE_URL: 'postgres://ada:p%40ss%2Fword%2B1@db:5432/rescrape',
  SLACK_BOT_TOKEN: 'xoxb-1-2-three',
  SLACK_SIGNING_SECRET: '0123456789abcdef',
  SLACK_CHANNEL: 'C0123456789',
  DISCORD_TOKEN: 'MTA.with+signs/and=.more',
  DISCORD_GUILD: '1',
  DISCORD_CHANNEL: '2',
  BET9JA_PROXY: 'http://user:pr%22oxy%5Cpw@proxy:3128',
};

describe('the redactor', () => {
  it('knows every secret of a configuration, and finds it however it is written', () => {
    const redactor = createRedactor();
    redactor.know(secretsOf(loadConfig(env, {}, platforms)));
    const plain = ['p@ss/word+1', 'xoxb-1-2-three', '0123456789abcdef', 'MTA.with+signs/and=.more', 'pr"oxy\\pw'];
    for (const secret of plain) {
      for (const form of [
        secret,
        encodeURIComponent(secret),
        JSON.stringify({ said: secret }),
        Buffer.from(secret).toString('base64'),
        Buffer.from(secret).toString('base64url'),
      ]) {
        const clean = redactor.clean(`before ${form} after`);
        expect(clean).toContain('[secret]');
        expect(clean).toMatch(/^before .* after$/);
        expect(clean).not.toContain(form);
      }
    }
    const header = `Basic ${Buffer.from('user:pr"oxy\\pw').toString('base64')}`;
    expect(redactor.clean(header)).toBe('Basic [secret]');
    expect(redactor.clean(env.DATABASE_URL)).toBe('postgres://ada:[secret]@db:5432/rescrape');
  });

  it('knows former secrets as well as new ones, and leaves everything else as it is', () => {
    const redactor = createRedactor();
    expect(redactor.clean('xoxb-old and xoxb-new')).toBe('xoxb-old and xoxb-new');
    redactor.know(['xoxb-old']);
    redactor.know(['xoxb-new', 'a']);
    expect(redactor.clean('a text with xoxb-old and xoxb-new')).toBe('a text with [secret] and [secret]');
  });

  it('takes the longest of secrets that hold one another', () => {
    const redactor = createRedactor();
    redactor.know(['secret', 'secret-and-more']);
    expect(redactor.clean('(secret-and-more)')).toBe('([secret])');
  });
});
