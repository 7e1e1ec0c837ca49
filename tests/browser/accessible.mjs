// What a machine can say about accessibility: axe-core on every page, light and dark, and the contrast of drawings, which
// axe does not look at.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { open, pages, show, test } from './browser.mjs';

/** All that axe has for these levels, and its good practices. */
const ALL = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
/** What another theme changes. */
const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
/** What pages that stand below each other could have wrong together. */
const TOGETHER = {
  type: 'rule',
  values: ['landmark-unique', 'landmark-one-main', 'region', 'duplicate-id-aria', 'heading-order', 'empty-heading', 'bypass', 'aria-valid-attr-value'],
};

/** What is wrong on the page that shows, one line each. Hidden pages are put aside: they would only take time. */
async function violations(page, runOnly) {
  const found = await page.evaluate(async (only) => {
    const aside = [...document.querySelectorAll('section.page[hidden]')].map((section) => {
      const mark = document.createComment('');
      section.replaceWith(mark);
      return [mark, section];
    });
    document.querySelectorAll('details').forEach((one) => (one.open = true));
    const { violations: list } = await window.axe.run(document, { runOnly: only, resultTypes: ['violations'] });
    aside.forEach(([mark, section]) => mark.replaceWith(section));
    return list.flatMap((rule) => rule.nodes.map((node) => [rule.id, node.target.join(' '), node.failureSummary]));
  }, runOnly);
  return found.map(([rule, target, why]) => `${rule} at ${target}: ${why.replaceAll('\n', ' ')}`);
}

/** Texts of drawings with too little contrast to what lies behind them. */
function pale(page) {
  return page.evaluate(() => {
    const light = (colour) => {
      const parts = colour.match(/[\d.]+/g).slice(0, 3).map((part) => Number(part) / 255);
      const [r, g, b] = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
    const back = getComputedStyle(document.body).backgroundColor;
    return [...document.querySelectorAll('section.page:not([hidden]) svg text')].flatMap((text) => {
      const box = text.parentElement.querySelector(':scope > rect');
      const behind = text.closest('.graph') && box ? getComputedStyle(box).fill : back;
      const ratio = contrast(getComputedStyle(text).fill, behind);
      return ratio >= 4.5 ? [] : [`${text.textContent}: ${ratio.toFixed(2)}`];
    });
  });
}

async function inspect(page, ids, runOnly = ALL) {
  const wrong = [];
  for (const id of ids) {
    await show(page, id);
    const found = [...(await violations(page, runOnly)), ...(await pale(page))];
    wrong.push(...found.map((what) => `${id}: ${what}`));
  }
  assert.deepEqual(wrong, []);
}

async function opened(browser, url, options) {
  const { page, done } = await open(browser, url, '', options);
  await page.evaluate(axe.source);
  return { page, done };
}

export function accessible(browser, url, example) {
  test('axe finds nothing on any page', async () => {
    const { page, done } = await opened(browser, url, {});
    await inspect(page, await pages(page));
    await done();
  });
  test('axe finds nothing on any page in the dark', async () => {
    const { page, done } = await opened(browser, url, { colorScheme: 'dark' });
    await inspect(page, await pages(page));
    await done();
  });
  for (const colorScheme of ['light', 'dark']) {
    test(`axe finds no colours too pale when the button turns ${colorScheme} around`, async () => {
      const { page, done } = await opened(browser, url, { colorScheme });
      await page.click('.theme');
      await inspect(page, ['aandacht', 'strategie', 'kpis', 'kpi-balie_op_tijd', 'kpi-telefoon_opgenomen'], COLOURS);
      await done();
    });
  }
  test('axe finds nothing on a phone', async () => {
    const { page, done } = await opened(browser, url, { viewport: { width: 390, height: 844 } });
    await inspect(page, ['aandacht', 'kpis', 'keten-telefoon', 'kpi-balie_op_tijd', 'kpi-telefoon_wachttijd']);
    await done();
  });
  test('axe finds nothing in the example', async () => {
    const { page, done } = await opened(browser, example, {});
    await inspect(page, ['aandacht', 'strategie', 'keten-klantcontact', 'kpi-telefoon_servicelevel']);
    await done();
  });
  test('the pages below each other, as without script, are one whole', async () => {
    const { page, done } = await opened(browser, url, {});
    await page.$$eval('section.page', (all) => all.forEach((one) => (one.hidden = false)));
    assert.deepEqual(await violations(page, TOGETHER), []);
    await done();
  });
}
