/** The link that adds the bot to a server, with exactly the rights it uses. */
import { OAuth2Scopes } from 'discord.js';
import { usedRights } from './permissions.ts';

/** For whoever sets the bot up: opened in a browser, it asks which server to add the bot to. */
export function inviteLink(applicationId: string): string {
  const rights = Object.values(usedRights).reduce((all, one) => all | one, 0n);
  const link = new URL('https://discord.com/oauth2/authorize');
  link.searchParams.set('client_id', applicationId);
  link.searchParams.set('permissions', rights.toString());
  link.searchParams.set('scope', `${OAuth2Scopes.Bot} ${OAuth2Scopes.ApplicationsCommands}`);
  return link.href;
}
