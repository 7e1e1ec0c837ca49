// What the tests share: Debian's Chromium (installed when it is absent), the reports to look at, and pages that fail on
// anything that a report may not do.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as node } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const EXECUTABLE = '/usr/bin/chromium';
const ARGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Where this run writes its reports and, unless told otherwise, its screenshots. */
export const work = mkdtempSync(join(tmpdir(), 'meetlat-browser-'));

/** Takes away what this run wrote. */
export const clean = () => rmSync(work, { recursive: true, force: true });

/** A test; one that hangs fails. */
export const test = (name, body) => node(name, { timeout: 90_000 }, body);

function run(command, args, options = {}) {
  return execFileSync(command, args, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', ...options });
}

/** A browser with a user folder of its own, which is empty (Playwright makes it and takes it away). */
export async function launch() {
  if (!existsSync(EXECUTABLE)) {
    const quiet = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    run('apt-get', ['update'], quiet);
    run('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], quiet);
  }
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGS });
}

/** Makes the report of a project, and gives where it is. */
export function report(project) {
  const program = process.env.MEETLAT ?? join(ROOT, 'target/debug/meetlat');
  const file = join(work, `${project.replaceAll('/', '-')}.html`);
  run(program, ['report', '--project', join(ROOT, project), '--output', file, '--quiet']);
  return pathToFileURL(file).href;
}

/**
 * A page of the report in a context of its own. `done()` closes it, and throws when the page asked for anything but the
 * file, put up a dialog, broke its policy or wrote an error.
 */
export async function open(browser, url, id = '', options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'nl-NL', ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== url) wrong.push(`asked for ${request.url()}`);
  });
  page.on('dialog', async (dialog) => {
    wrong.push(`a dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrong.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => wrong.push(`threw: ${error.message}`));
  await page.goto(id ? `${url}#${id}` : url);
  const done = async () => {
    await context.close();
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  };
  return { page, done };
}

/** Goes to a page inside the report, and waits until it is there. */
export async function show(page, id) {
  await page.evaluate((to) => {
    location.hash = to;
  }, id);
  await page.waitForFunction((to) => {
    const section = document.getElementById(to);
    return section && !section.hidden && document.querySelectorAll('section.page:not([hidden])').length === 1;
  }, id);
}

/** The ids of all pages inside the report. */
export function pages(page) {
  return page.$$eval('section.page', (all) => all.map((one) => one.id));
}
