/** The door of the built program: one page at a time, from facts alone. */
import { createApp } from 'astro/app/entrypoint';

const app = createApp({ streaming: false });

// The loader of modules is asked for a page's program with every page, and takes a tenth of a millisecond to find it again.
for (const [component, load] of app.manifest.pageMap ?? []) {
  let loading: ReturnType<typeof load> | undefined;
  app.manifest.pageMap?.set(component, () => (loading ??= load()));
}

/** The bytes of the file at this path. Rejects when its page breaks, or when there is no such page. */
export async function render(path: string, locals: App.Locals): Promise<Buffer> {
  // The site's own address is not asked for: whatever it is, the same facts give the same bytes.
  const answer = await app.render(new Request(`http://page.invalid${path}`), { locals });
  if (answer.status !== 200 && !path.startsWith('/404')) {
    const error = new Error(`The page ${path} could not be rendered (${answer.status}).`);
    error.name = 'PageError';
    throw error;
  }
  return Buffer.from(await answer.arrayBuffer());
}
