// Search, as Stremio's search box asks all catalogs at once.
import { ended } from '../core.mjs';
import { core, report } from '../subject.mjs';
import { ids } from './compare.mjs';

/** A row of results shows so many of a catalog; "See all" leads to the rest. */
const ROW = 10;

/** Stremio's search box finds every title by its name. */
export async function checkSearch(titles) {
  const byName = new Map();
  for (const title of titles) byName.set(title.meta.name, [...(byName.get(title.meta.name) ?? []), title]);
  for (const [name, called] of byName) {
    const shown = new Set(ids(await search(name)));
    const found = called.filter(({ id }) => shown.has(id));
    // Of a name that many share, the row has room for some.
    report.check(
      found.length >= Math.min(called.length, ROW),
      `searching “${name}” finds ${ids(called).slice(0, ROW)}`,
      [...shown],
    );
  }
  const people = new Map();
  for (const title of titles)
    for (const name of searchedBy(title)) people.set(name, [...(people.get(name) ?? []), title]);
  for (const [name, involved] of people) {
    const shown = new Set(ids(await search(name)));
    const found = involved.filter(({ id }) => shown.has(id));
    const claim = `searching “${name}” finds ${ids(involved).slice(0, ROW)}`;
    report.check(found.length >= Math.min(involved.length, ROW), claim, [...shown]);
  }
  report.equal(await search('zzqxjkv'), [], 'searching a word that is in no title finds nothing');
  report.say(`search: ${byName.size} names, ${people.size} people`);
}

/** What the chips of a title's page search for: its actors and directors. */
const searchedBy = ({ meta }) =>
  (meta.links ?? [])
    .filter(({ url }) => url.startsWith('stremio:///search?'))
    .map(({ url }) => new URLSearchParams(url.split('?')[1]).get('search'));

/** What the core shows for a search, all catalogs together. */
async function search(text) {
  const args = { model: 'CatalogsWithExtra', args: { type: null, extra: [['search', text]] } };
  core.dispatch({ action: 'Unload' }, 'search');
  const mark = core.answers.length;
  core.dispatch({ action: 'Load', args }, 'search');
  core.dispatch({ action: 'CatalogsWithExtra', args: { action: 'LoadRange', args: { start: 0, end: 100 } } }, 'search');
  const allIn = (state) => state.catalogs.length > 0 && state.catalogs.every(({ content }) => ended(content));
  const state = await core.until('search', allIn);
  const answers = core.answers.slice(mark);
  const isAnswered = answers.length > 0 && answers.every(({ status }) => status === 200);
  report.check(isAnswered, `searching “${text}” is answered 200`);
  const sent = answers.reduce((sum, { body }) => sum + Math.min(body?.metas?.length ?? 0, ROW), 0);
  const shown = state.catalogs.flatMap(({ content }) => (content?.type === 'Ready' ? content.content : []));
  report.equal(shown.length, sent, `searching “${text}”: the core shows everything that was sent`);
  return shown;
}
