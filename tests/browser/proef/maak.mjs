// Writes data/*.csv. The same bytes each time: run it again only to change what the project shows.
import { mkdirSync, writeFileSync } from 'node:fs';

const folder = new URL('data/', import.meta.url);
mkdirSync(folder, { recursive: true });

/** A small generator of numbers (mulberry32), so that a run does not depend on chance. */
let seed = 7;
function random() {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const two = (n) => String(n).padStart(2, '0');
const quoted = (text) => (/[",;\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const write = (name, rows) => writeFileSync(new URL(name, folder), rows.map((row) => row.map(quoted).join(',') + '\n').join(''));

const DESKS = ['Loket Noord', '<script>alert(1)</script>', '=HYPERLINK("http://x")'];

// Three years of visits in monthly counts per desk. Each month shows something else that a chart must be able to show.
const SHARES = [
  81, 84, 80, 83, 79, 82, 85, 81, 84, 80, 83, 78, 82, 84, 81, 83, 80, 62, // up to 2024-12; the last one is far too low
  79, 82, 80, 78, 83, 81, 79, 84, 86, 87, 88, 90, 91, 92, 90, 93, 88, 84, // from 2025-01, another definition
];
const visits = [['nummer', 'dag', 'loket', 'bezoekers', 'op_tijd']];
SHARES.forEach((share, index) => {
  const year = 2023 + Math.floor((index + 6) / 12);
  const month = ((index + 6) % 12) + 1;
  const label = `${year}-${two(month)}`;
  if (label === '2024-03') return; // no data at all
  let all = [140, 90, 60];
  if (label === '2025-04') all = [9, 0, 0]; // fewer than asked
  if (label === '2025-05') all = [3, 0, 0]; // so few that they may not be shown
  DESKS.forEach((desk, place) => {
    if (all[place] === 0) return;
    const bump = all[0] > 9 ? Math.round(random() * 12) : 0;
    const count = all[place] + bump;
    const good = Math.round((count * (share + [4, -3, -6][place])) / 100);
    visits.push([`${label}-${place}`, `${label}-03`, desk, String(count), String(Math.min(count, good))]);
  });
});
write('bezoek.csv', visits);

// A year of calls, one by one: how long they waited, at which hour and on which day.
const calls = [['nummer', 'begin', 'opgenomen', 'lijn']];
let number = 0;
for (let day = 0; day < 363; day += 1) {
  const date = new Date(Date.UTC(2025, 6, 1 + day));
  const weekday = date.getUTCDay();
  if (weekday === 0 || weekday === 6) continue;
  for (const hour of [8, 9, 10, 11, 13, 14, 15, 16]) {
    if (random() < (weekday === 5 && hour > 12 ? 0.85 : 0.45)) continue;
    const busy = hour === 9 || hour === 10 || weekday === 1;
    const wait = Math.round(5 + -Math.log(1 - random()) * (busy ? 55 : 25));
    const begin = `${date.toISOString().slice(0, 10)} ${two(hour)}:${two(Math.floor(random() * 50))}:`;
    const answered = wait < 170 ? `${begin.slice(0, 14)}${two(Number(begin.slice(14, 16)) + Math.floor(wait / 60))}:${two(wait % 60)}` : '';
    number += 1;
    calls.push([String(number), `${begin}00`, answered, ['Algemeen', 'Belastingen', 'Burgerzaken'][number % 3]]);
  }
}
write('oproep.csv', calls);

// Answers to a survey and permits, per quarter.
const answers = [['nummer', 'dag', 'tevreden']];
const permits = [['nummer', 'ontvangen', 'besluit', 'soort']];
for (let quarter = 0; quarter < 12; quarter += 1) {
  const year = 2023 + Math.floor((quarter + 2) / 4);
  const month = ((quarter * 3 + 6) % 12) + 1;
  for (let i = 0; i < 25; i += 1) {
    answers.push([`${quarter}-${i}`, `${year}-${two(month)}-${two(3 + i)}`, random() < 0.7 + quarter / 60 ? 'ja' : 'nee']);
  }
  for (let i = 0; i < 8; i += 1) {
    const start = new Date(Date.UTC(year, month - 1, 2 + i * 3));
    const days = Math.round(8 + random() * random() * 90);
    const end = new Date(start.getTime() + days * 86400000);
    permits.push([`${quarter}-${i}`, start.toISOString().slice(0, 10), end.toISOString().slice(0, 10), ['kap', 'bouw', 'inrit'][i % 3]]);
  }
}
write('antwoord.csv', answers);
write('vergunning.csv', permits);
