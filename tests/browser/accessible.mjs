// What a machine can say about accessibility: axe-core on every page, light and dark, and the contrast of drawings, which
// axe does not look at.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import axe from 'axe-core';
import { open, pages, show } from './browser.mjs';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What is wrong on the page that shows, one line each. */
async function violations(page) {
  await page.$$eval('section.page:not([hidden]) details', (all) => all.forEach((one) => (one.open = true)));
  const found = await page.evaluate(async (tags) => {
    const { violations: list } = await window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
    return list.flatMap((rule) => rule.nodes.map((node) => [rule.id, node.target.join(' '), node.failureSummary]));
  }, TAGS);
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

async function inspect(page, ids) {
  const wrong = [];
  for (const id of ids) {
    await show(page, id);
    const found = [...(await violations(page)), ...(await pale(page))];
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
  for (const colorScheme of ['light', 'dark']) {
    test(`axe finds nothing on any page, ${colorScheme}`, async () => {
      const { page, done } = await opened(browser, url, { colorScheme });
      await inspect(page, await pages(page));
      await done();
    });
    test(`axe finds nothing with the other theme than ${colorScheme}, by the button`, async () => {
      const { page, done } = await opened(browser, url, { colorScheme });
      await page.click('.theme');
      await inspect(page, ['aandacht', 'strategie', 'kpis', 'kpi-balie_op_tijd', 'kpi-telefoon_opgenomen']);
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
    const ids = await pages(page);
    await inspect(page, [...ids.filter((id) => !id.startsWith('kpi-')), 'kpi-telefoon_servicelevel']);
    await done();
  });
  test('axe finds nothing without script, where all pages stand below each other', async () => {
    const { page, done } = await open(browser, url, '', { javaScriptEnabled: false });
    await page.evaluate(axe.source);
    assert.deepEqual(await violations(page), []);
    await done();
  });
}
