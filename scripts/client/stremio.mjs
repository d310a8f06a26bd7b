// Checks an addon as Stremio sees it: node scripts/client/stremio.mjs INSTALL_URL
//
// Stremio's real core installs the addon, pages through every catalog, uses every filter, opens every title and lists
// the streams of all of it. The core drops in silence what it does not like: an item with a relative poster, a stream
// whose size is a string. So each answer is laid beside what the core kept of it, and anything missing is a failure.
// Last line: `stremio: N passed, N failed`.
import { createRequire } from 'node:module';
import { Core, ended } from './core.mjs';
import { Report } from './report.mjs';

const require = createRequire(import.meta.url);
const linter = require('stremio-addon-linter');
const { detectFromURL } = require('stremio-addon-client');

const MANIFEST_MAX_BYTES = 8192; // Stremio's API refuses larger ones
const PAGES_MAX = 1000; // a catalog that never ends must not hang the check

const [installUrl] = process.argv.slice(2);
if (!installUrl?.endsWith('/manifest.json')) {
  console.error('usage: node scripts/client/stremio.mjs http://127.0.0.1:PORT/stremio/TOKEN/manifest.json');
  process.exit(2);
}
const base = installUrl.slice(0, -'/manifest.json'.length);
const origin = new URL(installUrl).origin;
const report = new Report('stremio');
const get = globalThis.fetch; // the core gets one of its own
const core = await Core.start(origin);

// What the checks compare.
const kept = (state) => (state.catalog?.content?.type === 'Ready' ? state.catalog.content.content : []);
const ids = (items) => items.map(({ id }) => id);
const fields = (item) =>
  ['type', 'name', 'poster', 'background', 'logo', 'description', 'releaseInfo', 'runtime'].map((field) => item[field] ?? null);
const genresOf = (meta) =>
  meta.links ? meta.links.filter(({ category }) => category === 'Genres').map(({ name }) => name) : (meta.genres ?? []);
const yearOf = (meta) => String(meta.releaseInfo ?? '').match(/^\d{4}/)?.[0];
const day = (date) => (date ? new Date(date).toISOString() : null);

const manifest = await checkManifest();
const catalogs = await checkCatalogs(manifest);
const titles = await checkMetas(catalogs);
await checkFilters(catalogs, titles);
await checkSearch(titles);
await checkStreams(titles);
await checkStrangers();
checkAnswers();
report.close();
// The core keeps timers of its own.
process.exit();

/** The linter has nothing to say, the core installs it, and no catalog, extra or option is lost on the way. */
async function checkManifest() {
  const response = await get(installUrl);
  const text = await response.text();
  report.equal(response.status, 200, 'the manifest answers 200');
  const sent = JSON.parse(text);
  report.check(Buffer.byteLength(text) <= MANIFEST_MAX_BYTES, `the manifest has at most ${MANIFEST_MAX_BYTES} bytes`, text.length);
  const lint = linter.lintManifest(sent);
  const complaints = [...lint.errors, ...lint.warnings].map(String);
  report.check(lint.valid && complaints.length === 0, 'stremio-addon-linter has no complaint', complaints);

  const details = { model: 'AddonDetails', args: { transportUrl: installUrl } };
  const { state } = await core.load(details, 'addon_details', (s) => ended(s.remoteAddon?.content));
  const content = state.remoteAddon.content;
  if (!report.equal(content.type, 'Ready', 'the core reads the manifest')) {
    report.say(`          ${JSON.stringify(content.content)}`);
    report.close();
    process.exit();
  }
  const shape = (list) =>
    list.map(({ type, id, name, extra = [] }) => [
      type, id, name, extra.map((e) => [e.name, e.isRequired ?? false, e.options ?? []]),
    ]);
  report.equal(shape(content.content.manifest.catalogs), shape(sent.catalogs), 'the core keeps every catalog, extra and option');

  core.dispatch({ action: 'Ctx', args: { action: 'InstallAddon', args: content.content } });
  const installed = (ctx) => ctx.profile.addons.some((addon) => addon.transportUrl === installUrl);
  report.check(installed(await core.until('ctx', installed)), 'the core installs the addon');
  report.say(`manifest ${sent.id} ${sent.version}: ${text.length} bytes, ${sent.catalogs.length} catalogs`);
  return sent;
}

/** Every catalog whole, page by page. Answers with `[{ catalog, items }]`, the items as they were sent. */
async function checkCatalogs(manifest) {
  const whole = [];
  const client = (await detectFromURL(installUrl)).addon;
  for (const catalog of manifest.catalogs) {
    const label = `${catalog.type}/${catalog.id}`;
    const required = (catalog.extra ?? []).filter((extra) => extra.isRequired);
    if (required.length > 0) {
      // Without its required extra the core never asks for it: take it option by option.
      const listing = { catalog, items: [], byOption: new Map() };
      const extra = required[0];
      if (extra.name === 'search') continue;
      report.check(extra.options?.length > 0, `${label} offers options for its required ${extra.name}`);
      for (const option of extra.options ?? []) {
        const items = await pages(catalog, [[extra.name, option]], `${label} ${extra.name}=${option}`);
        listing.byOption.set(option, items);
        listing.items.push(...items.filter((item) => !listing.items.some(({ id }) => id === item.id)));
      }
      report.check(listing.items.length > 0, `${label} shows titles under some ${extra.name}`);
      whole.push(listing);
      report.say(`catalog ${label}: ${listing.items.length} titles over ${extra.options.length} options of ${extra.name}`);
      continue;
    }
    const items = await pages(catalog, [], label);
    report.check(items.length > 0, `${label} is not empty: an empty row stands on everybody's Board`);
    // Another client, another way to build the address: the first page is the same.
    const first = await client.get('catalog', catalog.type, catalog.id);
    report.equal(ids(first.metas), ids(items.slice(0, first.metas.length)), `${label}: stremio-addon-client sees the core's first page`);
    whole.push({ catalog, items });
    report.say(`catalog ${label}: ${items.length} titles`);
  }
  return whole;
}

/** One selection of a catalog, all its pages, in the core; nothing dropped, nothing twice. Items as they were sent. */
async function pages(catalog, extra, label) {
  const path = { resource: 'catalog', type: catalog.type, id: catalog.id, extra };
  const request = { base: installUrl, path };
  const mine = (state) => JSON.stringify(state.selected?.request.path) === JSON.stringify(path) && ended(state.catalog?.content);
  const { answers } = await core.load({ model: 'CatalogWithFilters', args: { request } }, 'discover', mine);
  const sent = metasOf(answers, label);
  const skips = (catalog.extra ?? []).some(({ name }) => name === 'skip');
  for (let page = 1; sent.length > 0; page += 1) {
    // The answer is in; the core may need a moment to take it up.
    const state = await core.until('discover', (s) => kept(s).length === sent.length, 500);
    // After a loss `skip` counts from the wrong place, and what follows says nothing more.
    if (!report.equal(ids(kept(state)), ids(sent), `${label}: the core shows all ${sent.length} items that were sent, in order`)) break;
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
  report.equal(answers.map(({ status }) => status), [200], `${label}: one request, answered 200`);
  const metas = answers[0]?.body?.metas;
  report.check(Array.isArray(metas), `${label}: the answer has metas`, answers[0]?.body);
  return Array.isArray(metas) ? metas : [];
}

/** Opens every title of every catalog. Answers with `[{ type, id, meta }]`, the meta as it was sent. */
async function checkMetas(catalogs) {
  const titles = new Map();
  const posters = new Set();
  let videos = 0;
  for (const { type, id, name } of catalogs.flatMap(({ items }) => items)) {
    if (titles.has(`${type} ${id}`)) continue;
    const args = { metaPath: { resource: 'meta', type, id, extra: [] }, streamPath: null, guessStream: false };
    const { state, answers } = await core.load({ model: 'MetaDetails', args }, 'meta_details', (s) => ended(s.metaItem?.content));
    const sent = answers.find(({ url }) => url.startsWith(`${base}/meta/`))?.body?.meta;
    const content = state.metaItem.content;
    if (!report.check(content.type === 'Ready' && sent, `meta ${id} (${name}) opens`, content.content)) continue;
    const seen = content.content;
    report.equal([seen.id, ...fields(seen)], [id, ...fields(sent)], `meta ${id} keeps its id, name, pictures and text`);
    report.equal(seen.videos.length, (sent.videos ?? []).length, `meta ${id}: the core shows every video that was sent`);
    for (const video of sent.videos ?? []) {
      const found = seen.videos.find((other) => other.id === video.id);
      const shape = (v) => [v?.title, v?.season, v?.episode, v?.thumbnail ?? null, v?.overview ?? null, day(v?.released)];
      report.equal(shape(found), shape(video), `meta ${id}: video ${video.id} keeps its title, place, picture and date`);
    }
    if (sent.links) report.equal(seen.links.length, sent.links.length, `meta ${id}: the core shows every link that was sent`);
    if (type === 'movie') report.equal(seen.behaviorHints.defaultVideoId, id, `meta ${id}: a film plays by its own id`);
    else report.check(seen.videos.length > 0, `meta ${id}: a series has episodes`);
    report.check(sent.poster, `meta ${id} has a poster`);
    if (sent.poster) posters.add(sent.poster);
    videos += seen.videos.length;
    titles.set(`${type} ${id}`, { type, id, meta: sent });
  }
  // Only pictures of this machine: a check does not depend on other people's servers.
  const here = [...posters].filter((url) => ['127.0.0.1', 'localhost'].includes(new URL(url).hostname));
  for (const url of here) {
    const response = await get(url);
    const bytes = (await response.arrayBuffer()).byteLength;
    const type = response.headers.get('content-type') ?? '';
    report.check(response.status === 200 && type.startsWith('image/') && bytes > 0, `poster ${url} is a picture`, `${response.status} ${type} ${bytes} bytes`);
  }
  report.say(`metas: ${titles.size} titles, ${videos} episodes, ${posters.size} posters (${here.length} looked at)`);
  return [...titles.values()];
}

/** Each option of each filter, and genre with year: the answer is exactly the titles whose meta says so. */
async function checkFilters(catalogs, titles) {
  const metaOf = ({ type, id }) => titles.find((title) => title.type === type && title.id === id)?.meta ?? {};
  const rules = {
    genre: (item, value) => genresOf(metaOf(item)).includes(value),
    year: (item, value) => yearOf(metaOf(item)) === value,
  };
  let asked = 0;
  for (const { catalog, items, byOption } of catalogs) {
    const label = `${catalog.type}/${catalog.id}`;
    if (byOption) {
      // By-year catalogs: `genre` is the only extra that phones and TVs show, so its options are years.
      for (const [option, shown] of byOption) {
        const rule = /^\d{4}$/.test(option) ? rules.year : rules.genre;
        report.check(shown.every((item) => rule(item, option)), `${label}: everything under ${option} belongs there`, ids(shown));
        asked += 1;
      }
      continue;
    }
    const filters = (catalog.extra ?? []).filter(({ name, options }) => options?.length && rules[name]);
    for (const { name, options } of filters) {
      for (const option of options) {
        const expected = items.filter((item) => rules[name](item, option));
        const shown = await pages(catalog, [[name, option]], `${label} ${name}=${option}`);
        report.equal(ids(shown).sort(), ids(expected).sort(), `${label} ${name}=${option} shows exactly the titles of it`);
        asked += 1;
      }
      const covered = items.filter((item) => options.some((option) => rules[name](item, option)));
      const known = items.filter((item) => (name === 'year' ? yearOf(metaOf(item)) : genresOf(metaOf(item)).length > 0));
      report.equal(ids(known.filter((item) => !covered.includes(item))), [], `${label}: every title is found by some ${name}`);
    }
    const [genre, year] = ['genre', 'year'].map((name) => filters.find((filter) => filter.name === name));
    if (!genre || !year) continue;
    const pairs = new Set(
      items.flatMap((item) => genresOf(metaOf(item)).filter((g) => genre.options.includes(g)).map((g) => `${g}\n${yearOf(metaOf(item))}`)),
    );
    for (const pair of pairs) {
      const [g, y] = pair.split('\n');
      const expected = items.filter((item) => rules.genre(item, g) && rules.year(item, y));
      // In either order: clients send the newest choice first.
      for (const extra of [[['genre', g], ['year', y]], [['year', y], ['genre', g]]]) {
        const shown = await pages(catalog, extra, `${label} ${extra.map((e) => e.join('=')).join('&')}`);
        report.equal(ids(shown).sort(), ids(expected).sort(), `${label} with genre ${g} and year ${y} shows exactly the titles of both`);
        asked += 1;
      }
    }
  }
  report.say(`filters: ${asked} selections`);
}

/** Stremio's search box finds every title by its name. */
async function checkSearch(titles) {
  for (const { type, id, meta } of titles) {
    const { catalogs } = await search(meta.name);
    const found = catalogs.filter((catalog) => ids(catalog).includes(id));
    report.check(found.length > 0, `searching “${meta.name}” finds ${type} ${id}`, catalogs.map(ids));
  }
  const { catalogs } = await search('zzqxjkv');
  report.equal(catalogs.flat(), [], 'searching a word that is in no title finds nothing');
  report.say(`search: ${titles.length} names`);
}

async function search(text) {
  const args = { model: 'CatalogsWithExtra', args: { type: null, extra: [['search', text]] } };
  core.dispatch({ action: 'Unload' }, 'search');
  const mark = core.answers.length;
  core.dispatch({ action: 'Load', args }, 'search');
  core.dispatch({ action: 'CatalogsWithExtra', args: { action: 'LoadRange', args: { start: 0, end: 100 } } }, 'search');
  const state = await core.until('search', (s) => s.catalogs.length > 0 && s.catalogs.every(({ content }) => ended(content)));
  const answers = core.answers.slice(mark);
  const sent = answers.flatMap(({ body }) => body?.metas ?? []).length;
  const catalogs = state.catalogs.map(({ content }) => (content?.type === 'Ready' ? content.content : []));
  report.check(answers.length > 0 && answers.every(({ status }) => status === 200), `searching “${text}” is answered 200`);
  report.equal(catalogs.flat().length, sent, `searching “${text}”: the core shows everything that was sent`);
  return { catalogs };
}

/** Every film, episode and unmatched file lists its streams, and each address answers a player. */
async function checkStreams(titles) {
  const links = new Map();
  let asked = 0;
  for (const { type, id, meta } of titles) {
    const videos = meta.videos?.length ? meta.videos.map((video) => video.id) : [meta.behaviorHints?.defaultVideoId ?? id];
    let playable = 0;
    for (const video of videos) {
      const args = {
        metaPath: { resource: 'meta', type, id, extra: [] },
        streamPath: { resource: 'stream', type, id: video, extra: [] },
        guessStream: false,
      };
      const ours = (s) => s.streams.find(({ addon }) => addon.transportUrl === installUrl)?.content;
      const { state, answers } = await core.load({ model: 'MetaDetails', args }, 'meta_details', (s) => ended(ours(s)) && ended(s.metaItem?.content));
      const answer = answers.find(({ url }) => url.startsWith(`${base}/stream/`));
      const sent = answer?.body?.streams;
      asked += 1;
      if (!report.check(answer?.status === 200 && Array.isArray(sent), `streams of ${video} are answered`, answer?.body)) continue;
      const shown = ours(state).type === 'Ready' ? ours(state).content : [];
      report.equal(shown.length, sent.length, `the core shows every stream of ${video} that was sent`);
      for (const [at, stream] of sent.entries()) {
        const shape = (s) => [s?.name, s?.description, s?.behaviorHints?.bingeGroup, s?.behaviorHints?.filename, s?.behaviorHints?.videoSize];
        report.equal(shape(shown[at]), shape(stream), `stream ${at + 1} of ${video} keeps its text and hints, in order`);
        if (!stream.url) continue;
        playable += 1;
        if (report.check(URL.canParse(stream.url), `stream ${at + 1} of ${video} has an absolute address`, stream.url)) links.set(stream.url, stream);
      }
    }
    report.check(playable > 0, `${type} ${id} (${meta.name}) has something to play`);
  }
  for (const [url, stream] of links) {
    const whole = await get(url, { method: 'HEAD' });
    report.check(whole.status === 200 && whole.headers.get('access-control-allow-origin'), `HEAD ${stream.behaviorHints.filename} answers 200 with CORS`, whole.status);
    report.equal(Number(whole.headers.get('content-length')), stream.behaviorHints.videoSize, `${stream.behaviorHints.filename} is as long as its videoSize says`);
    const first = await get(url, { headers: { range: 'bytes=0-0' } });
    const bytes = (await first.arrayBuffer()).byteLength;
    report.check(first.status === 206 && bytes === 1, `${stream.behaviorHints.filename}: its first byte can be read alone`, `${first.status}, ${bytes} bytes`);
  }
  report.check(links.size > 0, 'there are streams to play');
  report.say(`streams: ${links.size} files behind ${asked} films, episodes and unmatched files`);
}

/** Somebody with a wrong token reads why, and never sees the library. */
async function checkStrangers() {
  const wrong = base.replace(/[^/]+$/, 'nobody');
  const refused = await get(`${wrong}/manifest.json`);
  report.equal(refused.status, 403, 'a wrong token gets no manifest');
  const answer = await get(`${wrong}/stream/movie/tt0063350.json`);
  const [row, ...others] = (await answer.json().catch(() => ({})))?.streams ?? [];
  report.check(row?.externalUrl && !row.url && others.length === 0, 'a wrong token gets one row that leads to an explanation', row);
  if (row?.externalUrl) {
    const page = await get(row.externalUrl);
    report.check(page.ok && page.headers.get('content-type')?.startsWith('text/html'), 'the explanation is a page', page.status);
  }
}

/** What holds for every answer: CORS, no error, and the secret of the install link stays at home. */
function checkAnswers() {
  const token = new URL(installUrl).pathname.split('/').at(-2);
  for (const { url, status, headers } of core.answers) {
    report.check(status === 200, `${url} answers 200`, status);
    report.check(headers.get('access-control-allow-origin') === '*', `${url} can be read by any web client (CORS)`);
  }
  report.equal(core.refused.filter((url) => url.includes(token)), [], 'the token in the install link reaches no other server');
  report.say(`answers: ${core.answers.length}, all with CORS; ${core.refused.length} requests to others refused, none with the token`);
}
