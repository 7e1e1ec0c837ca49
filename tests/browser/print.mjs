// The report on paper.
import assert from 'node:assert/strict';
import { open, test } from './browser.mjs';

/** How many pages a PDF has, by the page objects in it. */
const sheets = (pdf) => (pdf.toString('latin1').match(/\/Type\s*\/Page(?!s)\b/g) ?? []).length;

export function print(browser, url) {
  test('one page of the report is a few sheets, and they are not blank', async () => {
    const empty = await open(browser, url);
    await empty.page.$$eval('main *', (all) => all.forEach((one) => one.remove()));
    const blank = (await empty.page.pdf({ format: 'A4' })).length;
    await empty.done();
    for (const [id, most] of [['aandacht', 2], ['kpi-balie_op_tijd', 3], ['strategie', 2], ['kpis', 2]]) {
      const { page, done } = await open(browser, url, id);
      const pdf = await page.pdf({ format: 'A4' });
      assert.ok(sheets(pdf) >= 1 && sheets(pdf) <= most, `${id}: ${sheets(pdf)} sheets`);
      assert.ok(pdf.length > blank + 5_000, `${id}: ${pdf.length} bytes, blank is ${blank}`);
      await done();
    }
  });

  test('paper has no navigation and no dark colours', async () => {
    for (const [colorScheme, press] of [['light', false], ['dark', false], ['light', true]]) {
      const { page, done } = await open(browser, url, 'kpis', { colorScheme });
      if (press) await page.click('.theme');
      await page.emulateMedia({ media: 'print', colorScheme });
      for (const gone of ['nav', '.theme', '.skip', '.filters']) assert.equal(await page.isVisible(gone), false, gone);
      const colours = await page.evaluate(() => {
        const style = getComputedStyle(document.body);
        const root = getComputedStyle(document.documentElement);
        return [style.backgroundColor, style.color, root.getPropertyValue('--g-bg').trim(), root.getPropertyValue('--back').trim()];
      });
      assert.deepEqual(colours, ['rgb(255, 255, 255)', 'rgb(0, 0, 0)', '#ffffff', '#fff'], `${colorScheme} ${press}`);
      await done();
    }
  });

  test('on paper a drawing is as wide as the sheet, and figures that are closed leave no empty heading', async () => {
    const { page, done } = await open(browser, url, 'kpi-balie_op_tijd', { viewport: { width: 700, height: 1000 } });
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.isVisible('#kpi-balie_op_tijd summary'), false);
    const cut = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    assert.equal(cut, false);
    await done();
  });
}
