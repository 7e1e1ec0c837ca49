// Screenshots for people to look at. The folder is SHOTS, or one beside the reports.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { open, show, work } from './browser.mjs';

export const folder = process.env.SHOTS ?? join(work, 'schermen');

const PHONE = { width: 390, height: 844 };

/** Each way of looking, with the pages that are worth a picture in it. */
const WAYS = {
  '': { shows: () => true },
  donker: { options: { colorScheme: 'dark' }, shows: (what) => what !== 'kpis' },
  telefoon: { options: { viewport: PHONE }, shows: () => true },
  afdruk: { media: { media: 'print' }, shows: (what) => ['aandacht', 'kpi', 'heatmap'].includes(what) },
};

/** All pictures of a report; `shown` are its pages: `{ aandacht: 'aandacht', kpi: 'kpi-…' }`. */
export async function shots(browser, url, project, shown) {
  mkdirSync(folder, { recursive: true });
  for (const [way, { options, media, shows }] of Object.entries(WAYS)) {
    const { page, done } = await open(browser, url, '', options);
    if (media) await page.emulateMedia(media);
    for (const [what, id] of Object.entries(shown).filter(([what]) => shows(what))) {
      await show(page, id);
      const name = [project, what, way].filter(Boolean).join('-');
      await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    }
    await done();
  }
}
