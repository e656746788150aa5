import type { PageFacts, Site } from '#db/history.ts';

declare global {
  namespace App {
    interface Locals {
      site: Site;
      facts: PageFacts;
    }
  }
}
