import { expect, test } from 'vitest';
import { createHolds } from './holds.ts';

test('whoever calls too early is turned away, and had to know when every process has been told', () => {
  const holds = createHolds();
  expect(holds.turnAway(['post'], 1)).toBeNull();
  holds.hold('post', 60);
  expect(holds.turnAway(['edit'], 1)).toBeNull();
  expect(holds.turnAway(['edit', 'post'], 2)).toMatchObject({ place: 'post', known: false });
  expect(holds.turnAway(['post'], 2)).toMatchObject({ known: true });
  holds.hold('post', 60);
  expect(holds.turnAway(['post'], 1)).toMatchObject({ known: true });
  holds.hold('post', 0);
  expect(holds.turnAway(['post'], 1)).toBeNull();
});
