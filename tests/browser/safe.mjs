// What a report must not do: reach outside, run what stands in the data, or depend on script.
import assert from 'node:assert/strict';
import { open, pages, show, test } from './browser.mjs';

export function safe(browser, url) {
  test('every page shows, asks for nothing and logs no error', async () => {
    const { page, done } = await open(browser, url);
    const ids = await pages(page);
    for (const kind of ['aandacht', 'strategie', 'keten-', 'strategisch', 'tactisch', 'operationeel', 'kpis', 'kpi-']) {
      assert.ok(ids.some((id) => id.startsWith(kind)), `a page ${kind}`);
    }
    for (const id of ids) {
      await show(page, id);
      const heading = await page.textContent(`#${id} h1`);
      assert.ok(heading.trim().length > 2, id);
      assert.equal(await page.title(), `${await page.textContent(`#${id} h1`)} – Proef <van> de browser & "meer"`);
    }
    await done();
  });

  test('every link leads to something in the file', async () => {
    const { page, done } = await open(browser, url);
    const lost = await page.$$eval('a', (all) =>
      all.filter((a) => !a.getAttribute('href')?.startsWith('#') || !document.getElementById(a.getAttribute('href').slice(1)))
        .map((a) => a.outerHTML));
    assert.deepEqual(lost, []);
    const ids = await page.$$eval('[id]', (all) => all.map((one) => one.id));
    assert.equal(new Set(ids).size, ids.length, 'each id once');
    await done();
  });

  test('an address that is none shows the first page', async () => {
    for (const hash of ['%', 'bestaat-niet', 'inhoud', 'kpis"]', '__proto__']) {
      const { page, done } = await open(browser, url, hash);
      assert.deepEqual(await page.$$eval('section.page:not([hidden])', (all) => all.map((one) => one.id)), ['aandacht'], hash);
      await done();
    }
  });

  test('names and texts from the project are text', async () => {
    const { page, done } = await open(browser, url);
    assert.equal(await page.locator('script').count(), 1);
    assert.equal(await page.locator('img, iframe, object, embed, base, link, form[action], main :is(b, i, em):not(.gm b)').count(), 0);
    const text = await page.evaluate(() => document.documentElement.textContent);
    for (const known of ['<script>alert(1)</script>', '=HYPERLINK("http://x")', '<img src=x onerror=alert(2)>', 'Bezoekers <b>vet</b> & "aan de balie"',
      'Teamleider <i>Balie</i>', 'dezelfde dag <em>antwoord</em> &']) {
      assert.ok(text.includes(known), known);
    }
    await done();
  });

  test('what a page says of itself agrees, in words for people', async () => {
    const { page, done } = await open(browser, url, 'kpi-tevreden');
    const large = await page.$$eval('#kpi-tevreden :is(.big, .gv)', (all) => all.map((one) => one.firstChild.textContent.trim()));
    assert.equal(large.length, 2);
    assert.equal(large[0], large[1]);
    await show(page, 'kpi-telefoon_opgenomen');
    const names = await page.$$eval('#kpi-telefoon_opgenomen .gm b', (all) => all.map((one) => one.textContent));
    for (const name of ['8 – 9 u', 'maandag', 'vrijdag']) assert.ok(names.includes(name), name);
    await done();
  });

  test('the policy stops what would go out', async () => {
    const { page } = await open(browser, url);
    assert.match(await page.getAttribute('meta[http-equiv=Content-Security-Policy]', 'content'), /^default-src 'none'/);
    const stopped = await page.evaluate(() => new Promise((resolve) => {
      const found = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        found.push(event.effectiveDirective);
        if (found.length === 3) resolve(found.sort());
      });
      fetch('http://127.0.0.1:9/').catch(() => {});
      document.head.append(Object.assign(document.createElement('script'), { src: 'http://127.0.0.1:9/x.js' }));
      document.body.append(Object.assign(document.createElement('img'), { src: 'http://127.0.0.1:9/x.png' }));
      setTimeout(() => resolve(found.sort()), 3000);
    }));
    assert.deepEqual(stopped, ['connect-src', 'img-src', 'script-src-elem']);
    await page.context().close();
  });

  test('without script every page stands there and links work', async () => {
    const { page, done } = await open(browser, url, '', { javaScriptEnabled: false });
    const hidden = await page.$$eval('section.page', (all) => all.filter((one) => !one.checkVisibility()).map((one) => one.id));
    assert.deepEqual(hidden, []);
    // What only works with script is not there.
    assert.equal(await page.isVisible('.filters'), false);
    assert.equal(await page.isVisible('.theme'), false);
    await page.click('nav a[href="#kpis"]');
    await page.click('#kpis a[href="#kpi-tevreden"]');
    // The page scrolls to it smoothly; a timer inside the page would not run.
    let top = 0;
    for (let tries = 0; tries < 40; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      top = await page.evaluate(() => document.getElementById('kpi-tevreden').getBoundingClientRect().top);
      if (Math.abs(top) < 5) break;
    }
    assert.ok(Math.abs(top) < 5, `the page begins at ${top}`);
    await done();
  });
}
