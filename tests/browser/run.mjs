// Makes the reports and looks at them in a real browser. `MEETLAT` is the program, `SHOTS` a folder for the screenshots.
import { after } from 'node:test';
import { accessible } from './accessible.mjs';
import { clean, launch, report, test } from './browser.mjs';
import { keyboard } from './keyboard.mjs';
import { layout } from './layout.mjs';
import { print } from './print.mjs';
import { safe } from './safe.mjs';
import { shots } from './shots.mjs';

const url = report('tests/browser/proef');
const example = report('examples/gemeente');
const browser = await launch();
after(async () => {
  await browser.close();
  clean();
});

const SAMPLE = {
  aandacht: 'aandacht',
  strategie: 'strategie',
  keten: 'keten-telefoon',
  niveau: 'operationeel',
  kpis: 'kpis',
  kpi: 'kpi-balie_op_tijd',
  heatmap: 'kpi-telefoon_opgenomen',
  verdeling: 'kpi-telefoon_wachttijd',
  staaf: 'kpi-balie_bezoekers',
  kengetal: 'kpi-tevreden',
  geen: 'kpi-telefoon_oproepen',
};
const EXAMPLE = {
  aandacht: 'aandacht',
  strategie: 'strategie',
  keten: 'keten-klantcontact',
  kpis: 'kpis',
  kpi: 'kpi-telefoon_servicelevel',
};

safe(browser, url);
keyboard(browser, url);
layout(browser, url, example);
print(browser, url);
accessible(browser, url, example);
if (process.env.SHOTS) {
  test('screenshots', async () => {
    await shots(browser, url, 'proef', SAMPLE);
    await shots(browser, example, 'gemeente', EXAMPLE);
  });
}
