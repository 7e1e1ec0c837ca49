// The report by keyboard alone, as someone walks through it.
import assert from 'node:assert/strict';
import { open, pages, show, test } from './browser.mjs';

const tab = (page) => page.keyboard.press('Tab');
const focused = (page, of = (e) => e.textContent.trim()) => page.evaluate(`(${of})(document.activeElement)`);

/** Presses Tab until something fits, and gives how often. */
async function until(page, selector) {
  for (let presses = 1; presses < 200; presses += 1) {
    await tab(page);
    if (await page.evaluate((s) => document.activeElement.matches(s), selector)) return presses;
  }
  return assert.fail(`Tab does not come to ${selector}`);
}

/** What is wrong with how the focus shows now; nothing where it shows. */
function lost(page) {
  return page.evaluate(() => {
    const it = document.activeElement;
    const name = `${it.tagName} ${it.textContent.trim().slice(0, 40) || it.id}`;
    const box = it.getBoundingClientRect();
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    if (!inside) return [`${name}: outside the window`];
    const x = Math.min(Math.max(box.left + Math.min(box.width / 2, 8), 0), innerWidth - 1);
    const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 8), 0), innerHeight - 1);
    const front = document.elementFromPoint(x, y);
    const free = front && (it.contains(front) || front.contains(it));
    if (!free) return [`${name}: behind ${front?.outerHTML.slice(0, 60)}`];
    const drawn = it instanceof SVGElement ? getComputedStyle(it.querySelector('rect')).strokeWidth === '4px' : getComputedStyle(it).outlineStyle !== 'none';
    return drawn ? [] : [`${name}: no outline`];
  });
}

export function keyboard(browser, url) {
  test('the first Tab is a link past the navigation, and it works', async () => {
    const { page, done } = await open(browser, url);
    await tab(page);
    assert.equal(await focused(page), 'Naar de inhoud');
    const box = await page.locator('.skip').boundingBox();
    assert.ok(box.x >= 0 && box.y >= 0 && box.height >= 24, JSON.stringify(box));
    await page.keyboard.press('Enter');
    assert.equal(await focused(page), 'Wat vraagt aandacht?');
    await show(page, 'kpis');
    await page.focus('.skip');
    await page.keyboard.press('Enter');
    assert.equal(await focused(page), "Alle KPI's");
    await tab(page);
    assert.equal(await focused(page, (e) => e.id), 'f-tekst');
    // The address still says which page this is.
    await page.reload();
    assert.equal(await page.isVisible('#kpis'), true);
    await done();
  });

  test('Enter on a link moves the focus to the heading of its page, and back goes back', async () => {
    const { page, done } = await open(browser, url);
    await until(page, 'nav a[href="#kpis"]');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement.id === 'kpis-titel');
    assert.equal(await page.isVisible('#aandacht'), false);
    assert.equal(await page.getAttribute('nav a[href="#kpis"]', 'aria-current'), 'page');
    await until(page, '#kpis a[href="#kpi-balie_op_tijd"]');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement.id === 'kpi-balie_op_tijd-titel');
    assert.equal(await page.evaluate(() => scrollY), 0);
    await page.goBack();
    await page.waitForFunction(() => document.activeElement.id === 'kpis-titel');
    await done();
  });

  test('the filters work by keyboard, and say how many KPIs are left', async () => {
    const { page, done } = await open(browser, url, 'kpis');
    const left = () => page.$$eval('#kpis tbody tr', (all) => all.filter((row) => row.checkVisibility()).map((row) => row.querySelector('a').textContent));
    const told = () => page.textContent('#gevonden');
    const all = await left();
    assert.equal(all.length, 8);
    assert.equal(await told(), "8 KPI's");
    assert.equal(await page.getAttribute('#gevonden', 'role'), 'status');

    await until(page, '#f-tekst');
    await page.keyboard.type('OPROEP');
    assert.deepEqual(await left(), all.filter((title) => /oproep|bellers/i.test(title)));
    assert.equal(await told(), "3 van de 8 KPI's");

    await until(page, '#f-status');
    await page.keyboard.type('niet geh');
    assert.equal(await page.inputValue('#f-status'), 'niet gehaald');
    assert.deepEqual(await left(), ['Opgenomen oproepen', 'Wachttijd van de helft van de bellers']);

    await until(page, '.filters button');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.getElementById('gevonden').textContent === "8 KPI's");
    assert.deepEqual(await left(), all);
    assert.equal(await page.inputValue('#f-tekst'), '');
    await done();
  });

  test('each choice of each filter leaves something, and its words are for people', async () => {
    const { page, done } = await open(browser, url, 'kpis');
    for (const field of await page.$$eval('.filters select', (all) => all.map((one) => one.id))) {
      const options = await page.$$eval(`#${field} option`, (list) => list.map((one) => [one.value, one.textContent]));
      assert.ok(options.length > 2, field);
      for (const [value] of options) {
        await page.selectOption(`#${field}`, value);
        assert.ok(await page.$$eval('#kpis tbody tr', (rows) => rows.some((row) => row.checkVisibility())), `${field} ${value}`);
      }
      await page.selectOption(`#${field}`, '');
    }
    const chains = await page.$$eval('#f-keten option', (list) => list.map((one) => one.textContent));
    assert.deepEqual(chains, ['alle', 'Bellen met de gemeente', 'Een vergunning aanvragen', 'Langskomen aan de balie']);
    await page.fill('#f-tekst', 'dit staat er niet');
    assert.equal(await page.textContent('#gevonden'), "0 van de 8 KPI's");
    await done();
  });

  test('the theme button says what it does, by keyboard and after the system changes', async () => {
    const { page, done } = await open(browser, url);
    const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
    assert.equal(await page.textContent('.theme'), 'Donker');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForFunction(() => document.querySelector('.theme').textContent === 'Licht');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.waitForFunction(() => document.querySelector('.theme').textContent === 'Donker');
    const light = await back();
    await until(page, '.theme');
    await page.keyboard.press('Enter');
    assert.equal(await page.textContent('.theme'), 'Licht');
    assert.notEqual(await back(), light);
    assert.equal(await scheme(), 'dark');
    await page.keyboard.press('Space');
    assert.equal(await back(), light);
    assert.equal(await scheme(), 'light');
    await done();
  });

  test('figures open by Enter, also without script', async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { page, done } = await open(browser, url, 'kpi-balie_op_tijd', { javaScriptEnabled });
      const details = page.locator('#kpi-balie_op_tijd details').first();
      await details.locator('summary').focus();
      await page.keyboard.press('Enter');
      assert.equal(await details.locator('table').isVisible(), true);
      assert.equal(await details.locator('tbody tr').count(), 36);
      await page.keyboard.press('Enter');
      assert.equal(await details.locator('table').isVisible(), false);
      await done();
    }
  });

  test('the boxes of a graph are links, read as title and status', async () => {
    const { page, done } = await open(browser, url, 'keten-telefoon');
    // What is wrong comes first.
    await until(page, '#keten-telefoon svg a[href="#kpi-telefoon_opgenomen"]');
    assert.match(await focused(page), /^Opgenomen oproepen .*✗ niet gehaald$/);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement.id === 'kpi-telefoon_opgenomen-titel');
    await done();
  });

  test('wherever Tab comes, the focus shows and nothing lies before it', async () => {
    for (const viewport of [{ width: 1280, height: 720 }, { width: 320, height: 256 }]) {
      const { page, done } = await open(browser, url, '', { viewport });
      await page.emulateMedia({ reducedMotion: 'reduce' });
      for (const id of ['aandacht', 'strategie', 'keten-telefoon', 'kpis', 'kpi-balie_op_tijd', 'kpi-telefoon_opgenomen']) {
        await show(page, id);
        const wrong = [];
        const seen = [];
        // Round once: from the heading to the end, and from the top of the file to the heading again.
        while (seen.length < 80) {
          await tab(page);
          const place = await page.evaluate(() => [...document.querySelectorAll('*')].indexOf(document.activeElement));
          if (seen.includes(place)) break;
          seen.push(place);
          if (await page.evaluate(() => document.activeElement !== document.body)) wrong.push(...(await lost(page)));
        }
        assert.ok(seen.length > 9 && seen.length < 80, `${id}: ${seen.length} stops`);
        assert.deepEqual(wrong, [], id);
      }
      await done();
    }
  });

  test('what can be pressed is at least 24 pixels', async () => {
    for (const viewport of [{ width: 1280, height: 720 }, { width: 320, height: 640 }]) {
      const { page, done } = await open(browser, url, '', { viewport });
      for (const id of await pages(page)) {
        await show(page, id);
        const small = await page.$$eval('nav a, button, select, input, summary, svg a', (all) =>
          all.filter((one) => one.checkVisibility()).flatMap((one) => {
            const { width, height } = one.getBoundingClientRect();
            return width >= 24 && height >= 24 ? [] : [`${one.textContent.trim()} ${width}×${height}`];
          }));
        assert.deepEqual(small, [], id);
      }
      await done();
    }
  });
}
