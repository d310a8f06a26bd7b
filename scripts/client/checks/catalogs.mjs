// Catalogs: every page of every one, and nothing dropped on the way into the core.
import { createRequire } from 'node:module';
import { ended } from '../core.mjs';
import { core, installUrl, report } from '../subject.mjs';
import { fields, ids } from './compare.mjs';

const { detectFromURL } = createRequire(import.meta.url)('stremio-addon-client');
/** A catalog that never ends must not hang the check. */
const PAGES_MAX = 1000;

const kept = (state) => (state.catalog?.content?.type === 'Ready' ? state.catalog.content.content : []);

/** Every catalog whole, page by page. Answers with `[{ catalog, items, byOption? }]`, the items as they were sent. */
export async function checkCatalogs(manifest) {
  const whole = [];
  for (const catalog of manifest.catalogs) {
    const required = (catalog.extra ?? []).find((extra) => extra.isRequired);
    // One that requires `search` is nothing but search.
    if (required?.name === 'search') continue;
    whole.push(required ? await optionByOption(catalog, required) : await inOneGo(catalog));
  }
  return whole;
}

async function inOneGo(catalog) {
  const label = `${catalog.type}/${catalog.id}`;
  const items = await pages(catalog, [], label);
  report.check(items.length > 0, `${label} is not empty: an empty row stands on everybody's Board`);
  // Another client, another way to build the address: the first page is the same.
  const { addon } = await detectFromURL(installUrl);
  const first = ids((await addon.get('catalog', catalog.type, catalog.id)).metas);
  report.equal(first, ids(items.slice(0, first.length)), `${label}: stremio-addon-client sees the same first page`);
  report.say(`catalog ${label}: ${items.length} titles`);
  return { catalog, items };
}

/** Without its required extra the core never asks for a catalog. */
async function optionByOption(catalog, extra) {
  const label = `${catalog.type}/${catalog.id}`;
  const byOption = new Map();
  for (const option of extra.options ?? []) {
    byOption.set(option, await pages(catalog, [[extra.name, option]], `${label} ${extra.name}=${option}`));
  }
  const [first] = byOption.keys();
  report.check(byOption.get(first)?.length > 0, `${label} opens on ${first}, which shows something`);
  const items = [...new Map([...byOption.values()].flat().map((item) => [item.id, item])).values()];
  report.check(items.length > 0, `${label} shows titles under some ${extra.name}`);
  report.say(`catalog ${label}: ${items.length} titles over ${byOption.size} options of ${extra.name}`);
  return { catalog, items, byOption };
}

/** One selection of a catalog, all its pages, in the core; nothing dropped, nothing twice. Items as they were sent. */
export async function pages(catalog, extra, label) {
  const path = { resource: 'catalog', type: catalog.type, id: catalog.id, extra };
  const request = { base: installUrl, path };
  const mine = (state) =>
    JSON.stringify(state.selected?.request.path) === JSON.stringify(path) && ended(state.catalog?.content);
  const { answers } = await core.load({ model: 'CatalogWithFilters', args: { request } }, 'discover', mine);
  const sent = metasOf(answers, label);
  const skips = (catalog.extra ?? []).some(({ name }) => name === 'skip');
  for (let page = 1; sent.length > 0; page += 1) {
    // The answer is in; the core may need a moment to take it up.
    const state = await core.until('discover', (s) => kept(s).length === sent.length, 500);
    // After a loss `skip` counts from the wrong place, and what follows says nothing more.
    const claim = `${label}: the core shows all ${sent.length} items that were sent, in order`;
    if (!report.equal(ids(kept(state)), ids(sent), claim)) break;
    if (!skips || !report.check(page < PAGES_MAX, `${label} ends within ${PAGES_MAX} pages`)) break;
    const mark = core.answers.length;
    core.dispatch({ action: 'CatalogWithFilters', args: { action: 'LoadNextPage' } }, 'discover');
    await core.until('discover', () => core.answers.length > mark);
    const next = metasOf(core.answers.slice(mark), `${label} page ${page}`);
    if (next.length === 0) break;
    sent.push(...next);
  }
  const seen = kept(core.state('discover'));
  report.equal(new Set(ids(sent)).size, sent.length, `${label}: no id comes twice`);
  for (const item of seen) {
    const raw = sent.find(({ id }) => id === item.id);
    if (raw) report.equal(fields(item), fields(raw), `${label}: ${raw.id} keeps its name, pictures and text`);
  }
  return sent;
}

/** The items of the one catalog answer in `answers`. */
function metasOf(answers, label) {
  report.equal(
    answers.map(({ status }) => status),
    [200],
    `${label}: one request, answered 200`,
  );
  const metas = answers[0]?.body?.metas;
  report.check(Array.isArray(metas), `${label}: the answer has metas`, answers[0]?.body);
  return Array.isArray(metas) ? metas : [];
}
