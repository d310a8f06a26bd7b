// Search, as Stremio's search box asks all catalogs at once.
import { ended } from '../core.mjs';
import { core, report } from '../subject.mjs';
import { ids } from './compare.mjs';

/** Stremio's search box finds every title by its name. */
export async function checkSearch(titles) {
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
  const state = await core.until(
    'search',
    (s) => s.catalogs.length > 0 && s.catalogs.every(({ content }) => ended(content)),
  );
  const answers = core.answers.slice(mark);
  const sent = answers.flatMap(({ body }) => body?.metas ?? []).length;
  const catalogs = state.catalogs.map(({ content }) => (content?.type === 'Ready' ? content.content : []));
  report.check(
    answers.length > 0 && answers.every(({ status }) => status === 200),
    `searching “${text}” is answered 200`,
  );
  report.equal(catalogs.flat().length, sent, `searching “${text}”: the core shows everything that was sent`);
  return { catalogs };
}
