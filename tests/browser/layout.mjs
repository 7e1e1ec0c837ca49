// On narrow screens, at 400 % zoom, with wider text spacing and less motion.
import assert from 'node:assert/strict';
import { open, pages, show, test } from './browser.mjs';

/** What sticks out of the window, or is cut off without a way to scroll to it. */
function outside(page) {
  return page.evaluate(() => {
    const wrong = [];
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) wrong.push(`the page scrolls sideways: ${document.documentElement.scrollWidth} in ${width}`);
    const seen = [...document.querySelectorAll('header, header *, main, section.page:not([hidden]) *, footer *')].filter((one) => one.checkVisibility());
    for (const one of seen) {
      const name = `${one.tagName.toLowerCase()}.${one.getAttribute('class')} “${one.textContent.trim().slice(0, 30)}”`;
      const style = getComputedStyle(one);
      const scrolls = ['auto', 'scroll'].includes(style.overflowX);
      const region = one.parentElement.closest('.scroll, .gr');
      if (scrolls && one.scrollWidth > one.clientWidth + 1) {
        const label = document.getElementById(one.getAttribute('aria-labelledby'))?.textContent ?? one.getAttribute('aria-label');
        const reachable = one.tabIndex === 0 && label?.trim() && one.getAttribute('role');
        if (!reachable) wrong.push(`${name}: scrolls, but no keyboard or name reaches it`);
      }
      if (!region && !(one instanceof SVGElement)) {
        const { left, right, width: own } = one.getBoundingClientRect();
        if (own > 0 && (right > width + 1 || left < -1)) wrong.push(`${name}: from ${left} to ${right} in ${width}`);
      }
      const cuts = ['hidden', 'clip'].includes(style.overflowX) || ['hidden', 'clip'].includes(style.overflowY);
      if (cuts && !(one instanceof SVGElement) && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)) {
        wrong.push(`${name}: cut off`);
      }
    }
    return wrong;
  });
}

/** Texts of a drawing of boxes that stick out of their box. */
function overfull(page) {
  return page.$$eval('section.page:not([hidden]) .graph :is(a, g)', (all) => all.flatMap((node) => {
    const box = node.querySelector('rect').getBBox();
    return [...node.querySelectorAll('text')]
      .filter((text) => text.getBBox().x + text.getBBox().width > box.x + box.width)
      .map((text) => text.textContent);
  }));
}

async function inspect(page, ids) {
  const wrong = [];
  for (const id of ids) {
    await show(page, id);
    await page.$$eval(`[id="${id}"] details`, (all) => all.forEach((one) => (one.open = true)));
    wrong.push(...(await outside(page)).map((what) => `${id}: ${what}`));
  }
  assert.deepEqual(wrong, []);
}

const SPACING = `* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
  p { margin-bottom: 2em !important }`;

export function layout(browser, url, example) {
  const sizes = { 'a phone': [390, 844], 'a narrow phone': [320, 640], '400 % zoom': [320, 256], 'a tablet': [768, 1024], 'a screen': [1280, 900] };
  for (const [name, [width, height]] of Object.entries(sizes)) {
    test(`nothing sticks out on ${name}, ${width} × ${height}`, async () => {
      const { page, done } = await open(browser, url, '', { viewport: { width, height } });
      await inspect(page, await pages(page));
      await done();
    });
  }

  test('nothing sticks out in the example, on a narrow phone', async () => {
    const { page, done } = await open(browser, example, '', { viewport: { width: 320, height: 640 } });
    await inspect(page, await pages(page));
    await done();
  });

  test('with wider text spacing nothing is cut off', async () => {
    for (const width of [320, 1280]) {
      const { page, done } = await open(browser, url, '', { viewport: { width, height: 900 } });
      await page.addStyleTag({ content: SPACING });
      await inspect(page, await pages(page));
      await done();
    }
  });

  test('texts fit in the boxes of graphs', async () => {
    for (const report of [url, example]) {
      const { page, done } = await open(browser, report);
      for (const id of (await pages(page)).filter((one) => one === 'strategie' || one.startsWith('keten-'))) {
        await show(page, id);
        assert.deepEqual(await overfull(page), [], id);
      }
      await done();
    }
  });

  test('nothing moves for who asked for less motion', async () => {
    const behaviour = (page) => page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior);
    const { page, done } = await open(browser, url, '', { reducedMotion: 'reduce' });
    assert.equal(await behaviour(page), 'auto');
    const moving = await page.$$eval('*', (all) => all.filter((one) => {
      const style = getComputedStyle(one);
      return style.animationName !== 'none' || style.transitionDuration !== '0s';
    }).length);
    assert.equal(moving, 0);
    await done();
  });
}
