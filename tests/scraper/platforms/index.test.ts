import { expect, test } from 'vitest';
import { findPlatform, platforms } from '#scraper/platforms/index.ts';

test('every platform is found by its id, and by nothing else', () => {
  for (const platform of platforms) expect(findPlatform(platform.id)).toBe(platform);
  expect(findPlatform('constructor')).toBeUndefined();
  expect(new Set(platforms.map(({ id }) => id)).size).toBe(platforms.length);
});

test.each(platforms)('$id can be typed, reached and overridden', ({ id, baseUrl, baseUrlVariable, headers }) => {
  expect(id).toMatch(/^[a-z][a-z0-9_-]{0,31}$/);
  expect(new URL(baseUrl)).toMatchObject({ protocol: 'https:', pathname: '/' });
  expect(baseUrlVariable).toBe(`${id.toUpperCase().replaceAll('-', '_')}_URL`);
  expect(Object.keys(headers).every((name) => name === name.toLowerCase())).toBe(true);
});

test.each(platforms)('each discover step of $id feeds an item step that comes after it', ({ steps }) => {
  steps.forEach((step, index) => {
    if (step.kind !== 'discover') return;
    expect(steps.slice(index + 1)).toContainEqual(expect.objectContaining({ kind: 'items', name: step.feeds }));
  });
});
