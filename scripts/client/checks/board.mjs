// The Board and Discover as somebody meets them who has chosen nothing yet.
import { ended } from '../core.mjs';
import { core, installUrl, report } from '../subject.mjs';

/** The Board has a row for each catalog that requires nothing, none of them empty; Discover opens the others on a choice. */
export async function checkBoard(manifest) {
  const requires = ({ extra = [] }) => extra.some(({ isRequired }) => isRequired);
  const named = ({ type, id }) => `${type}/${id}`;
  const args = { model: 'CatalogsWithExtra', args: { type: null, extra: [] } };
  core.dispatch({ action: 'Load', args }, 'board');
  core.dispatch({ action: 'CatalogsWithExtra', args: { action: 'LoadRange', args: { start: 0, end: 100 } } }, 'board');
  const allIn = (state) => state.catalogs.length > 0 && state.catalogs.every(({ content }) => ended(content));
  const ours = (state) => state.catalogs.filter(({ addon }) => addon?.manifest?.id === manifest.id);
  const rows = ours(await core.until('board', allIn));
  const expected = manifest.catalogs.filter((catalog) => !requires(catalog));
  report.equal(rows.map(named).sort(), expected.map(named).sort(), 'the Board shows what requires no choice');
  for (const row of rows)
    report.check(row.content?.type === 'Ready' && row.content.content.length > 0, `${named(row)} is filled on the Board`);

  let opened = 0;
  for (const type of new Set(manifest.catalogs.map((catalog) => catalog.type))) {
    const path = { resource: 'catalog', type, id: manifest.catalogs.find((c) => c.type === type).id, extra: [] };
    const request = { base: installUrl, path };
    const { state } = await core.load({ model: 'CatalogWithFilters', args: { request } }, 'discover', (s) =>
      ended(s.catalog?.content),
    );
    for (const catalog of manifest.catalogs.filter((c) => c.type === type)) {
      const required = (catalog.extra ?? []).find(({ isRequired }) => isRequired);
      const link = ours(state.selectable).find(({ id }) => id === catalog.id)?.deepLinks.discover;
      if (required?.name === 'search') {
        report.check(!link, `${named(catalog)} is for searches alone`, link);
        continue;
      }
      const choice = required ? `${required.name}=${encodeURIComponent(required.options[0])}` : '';
      report.equal(link?.split('?')[1] ?? null, choice, `Discover opens ${named(catalog)} on its first choice`);
      opened += 1;
    }
  }
  report.say(`board: ${rows.length} rows; discover: ${opened} catalogs`);
}
