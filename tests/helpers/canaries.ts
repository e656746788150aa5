/** Looks for secrets in what left a process, however they were written. */

/** Every form a text may have been brought into on its way. In base64 it depends on what stands before it. */
function formsOf(secret: string): string[] {
  const inBase64 = ['', 'x', 'xx'].map((before) => {
    const coded = Buffer.from(`${before}${secret}`).toString('base64').replace(/=+$/, '');
    // What stands before and after mixes into the first and the last character.
    return coded.slice(before === '' ? 0 : before.length + 1, -1);
  });
  return [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(secret).toLowerCase(),
    encodeURIComponent(encodeURIComponent(secret)),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('hex'),
    ...inBase64,
    ...inBase64.map((coded) => coded.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

/** Which secrets stand in the text: `name: …the text around…`. */
export function canariesIn(text: string, secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const at = formsOf(secret)
      .map((form) => text.indexOf(form))
      .find((place) => place >= 0);
    return at === undefined ? [] : [`${name}: …${text.slice(Math.max(0, at - 120), at + 40)}…`];
  });
}
