// Opens every page of the demo at three sizes and looks at each as a person would: node scripts/client/pages.mjs, with the
// addresses of scripts/with-demo in the environment. See scripts/check-pages for what is looked at.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { Report } from './report.mjs';
import { checkActions } from './pages/actions.mjs';
import { putEverywhere, scrambled, tooWide, wrongControls, wrongFocus } from './pages/measure.mjs';
import { REHEARSALS, hostile, people, posts } from './pages/names.mjs';

const SIZES = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1440, height: 900 },
  TV: { width: 1920, height: 1080 },
};
/** Of buttons on a phone; elsewhere a pointer needs less (WCAG 2.2, 2.5.8). */
const THUMB_PX = 44;
/** Scrolling takes no time, so that the focus is where it is looked for. */
const STILL = { reducedMotion: 'reduce' };
/** For what was posted to be looked up. */
const PATIENCE_MS = 60_000;
/** How far the keyboard is followed on one page. */
const TABS = 40;
const FILM = 'tt0063350';

const { CINEPOST_WEB: web, CINEPOST_INSTALL: install, CINEPOST_OWNER: ownerLink, CINEPOST_ADMIN: admin, CINEPOST_CHANNEL: channel, CINEPOST_SHARED: shared } = process.env;
const shots = process.env.SHOTS;
if (shots) mkdirSync(shots, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const report = new Report('pages');

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  await checkPages();
} finally {
  await browser.close();
}
report.close();

async function checkPages() {
  await post(posts(FILM));
  const stranger = await (await browser.newContext(STILL)).newPage();
  const token = install.split('/').at(-2);
  const forAnyone = {
    home: '/',
    install: `/stremio/${token}/configure`,
    'a mistyped install link': `/stremio/${token.slice(0, -1)}/configure`,
    'no access': '/access',
    'signed out': '/signed-out',
    'does it play': '/test-hls',
    'no such page': '/nowhere',
    'a bad link': '/dl/bad',
    'a shared file': new URL(shared).pathname,
    'a bad link of a shared file': '/d/bad',
    'the owner’s, for a stranger': '/owner',
    'a one-time link': new URL(ownerLink).pathname,
  };
  for (const [name, path] of Object.entries(forAnyone)) await checkPage(stranger, name, path);

  await stranger.goto(ownerLink);
  await stranger.click('button');
  await stranger.waitForURL('**/owner');
  const owner = stranger;
  const state = await owner.context().storageState();
  await settled(owner);
  await checkPage(owner, 'a used-up link', new URL(ownerLink).pathname);

  const signedIn = async (options) => (await browser.newContext({ ...STILL, ...options, storageState: state })).newPage();
  await checkActions(report, web, signedIn);

  await owner.goto(`${web}/owner/review?find=notes`);
  await owner.getByRole('button', { name: 'Ignore' }).click();
  await owner.waitForSelector('#done');
  const file = await owner.locator('#done form').getAttribute('action');
  const ignored = file.match(/retry\/(\w+)/)[1];
  await invite(owner);
  const forTheOwner = {
    owner: '/owner',
    'films, searched': '/owner?show=films&find=dead',
    series: '/owner?show=series',
    unmatched: '/owner?show=unmatched',
    'unmatched, searched in vain': `/owner?show=unmatched&find=${encodeURIComponent(hostile['a hash'])}x`,
    review: '/owner/review',
    'review, right to left': `/owner/review?find=${encodeURIComponent('קזבלנקה')}`,
    'review, last page': '/owner/review?skip=40',
    'review of one kind': '/owner/review?why=not-found',
    'review, searched at length': `/owner/review?find=${encodeURIComponent(hostile['5,000 letters'].slice(0, 2000))}`,
    'review, searched in vain': `/owner/review?find=${encodeURIComponent(`${hostile.HTML}x`)}`,
    'review, ignored': `/owner/review?why=ignored&ignored=${ignored}`,
    'a film': `/owner/title/movie/${FILM}`,
    'an ignored file': `/owner/title/movie/cinepost:${ignored}`,
    ...(await pagesOfFiles(owner)),
  };
  for (const [name, path] of Object.entries(forTheOwner)) await checkPage(owner, name, path);
}

/** Adds people on the owner's page, and looks at the page that says why one was not added. */
async function invite(owner) {
  const add = async (name) => {
    await owner.goto(`${web}/owner#people`);
    await owner.fill('#people form.add input[name=name]', name);
    await owner.click('#people form.add button');
  };
  for (const name of people) await add(name);
  await owner.goto(`${web}/owner`);
  const added = await owner.locator('#people h3 bdi').allTextContents();
  report.check(people.every((name) => added.includes(name)), 'people stand in the list by their names', added);
  await add(people[0]);
  await look(owner, 'a name that is taken');
  await look(owner, 'people, about to be taken away', async () => {
    await owner.goto(`${web}/owner`);
    await owner.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
  });
}

/** A series, and the files that nothing was found for. */
async function pagesOfFiles(owner) {
  const links = async (show, count) => {
    await owner.goto(`${web}/owner?show=${show}`);
    const hrefs = await owner.locator('.posters a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    return hrefs.slice(0, count);
  };
  const [series] = await links('series', 1);
  await owner.goto(`${web}/owner/review?find=${encodeURIComponent('Donaudampfschifffahrtsgesellschaft')}`);
  const long = await owner.locator('.rows h3 a').first().getAttribute('href');
  return { 'a series': series, 'a file with a long name': long };
}

function checkPage(tab, name, path) {
  return look(tab, name, () => tab.goto(`${web}${path}`));
}

/** What is open, or opened anew by `open`, at every size. */
async function look(tab, name, open = () => tab.reload()) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    const where = `${name} (${size})`;
    await tab.setViewportSize(viewport);
    await open();
    if (shots) await tab.screenshot({ path: join(shots, `${where.replaceAll(/[^\w]+/g, '-')}.png`), fullPage: true });
    none(await tab.evaluate(tooWide), `${where}: nothing is too wide`);
    none(await tab.evaluate(wrongControls, size === 'phone' ? THUMB_PX : 24), `${where}: controls have a name and a size`);
    none(await accessibility(tab), `${where}: axe finds nothing serious`);
    none(await keyboard(tab), `${where}: the focus is seen`);
    none(await tab.evaluate(scrambled), `${where}: names written right to left keep their order`);
    report.check((await tab.title()) !== 'owned', `${where}: no name is run as a script`);
    for (const [kind, text] of Object.entries(hostile)) {
      await tab.evaluate(putEverywhere, text);
      none(await tab.evaluate(tooWide), `${where}: nothing is too wide with ${kind} in every place`);
    }
  }
}

function none(wrong, claim) {
  report.check(wrong.length === 0, claim, wrong.join('\n          '));
}

async function accessibility(tab) {
  await tab.evaluate(axe);
  const violations = await tab.evaluate(async () => {
    const options = { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } };
    return (await window.axe.run(document, options)).violations;
  });
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).slice(0, 3).join(' | ')}`);
}

/** Goes through a page by the Tab key. */
async function keyboard(tab) {
  const wrong = [];
  for (let n = 0; n < TABS; n += 1) {
    await tab.keyboard.press('Tab');
    const problem = await tab.evaluate(wrongFocus);
    if (problem) wrong.push(problem);
    if (await tab.evaluate(() => document.activeElement === document.body)) break;
  }
  return wrong.slice(0, 3);
}

async function post(all) {
  const response = await fetch(`${admin}/channels/${channel}/posts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(all),
  });
  if (!response.ok) throw new Error(`posting was answered ${response.status}: ${await response.text()}`);
}

/** Waits until everything posted was looked up: what is listed later would move the rows. */
async function settled(owner) {
  const began = Date.now();
  const count = async (path, selector) => {
    await owner.goto(`${web}${path}`);
    return owner.locator(selector).count();
  };
  const isSettled = async () =>
    (await (await fetch(`${web}/ready`)).json()).matching === 0 &&
    (await count('/owner/review?find=notes', '.rows > li')) === 1 &&
    (await count('/owner/review?find=xylophone&skip=20', '.rows > li')) === REHEARSALS - 20 &&
    (await count(`/owner/title/movie/${FILM}`, '.rows > li')) > Object.keys(hostile).length;
  while (!(await isSettled())) {
    if (Date.now() - began > PATIENCE_MS) throw new Error('what was posted was not looked up within 60 s');
    await owner.waitForTimeout(200);
  }
}
