// Filters: each shows exactly the titles that it names, judged by their metas.
import { report } from '../subject.mjs';
import { genresOf, ids, yearOf } from './compare.mjs';
import { pages } from './catalogs.mjs';

/** "All years": what a client takes that has to take something. */
const narrowsNothing = (option) => option.startsWith('All ');

/** Each option of each filter, and genre with year: the answer is exactly the titles whose meta says so. */
export async function checkFilters(catalogs, titles) {
  const metaOf = ({ type, id }) => titles.find((title) => title.type === type && title.id === id)?.meta ?? {};
  const rules = {
    genre: (item, value) => genresOf(metaOf(item)).includes(value),
    year: (item, value) => yearOf(metaOf(item)) === value,
  };
  // Files that no title was found for stand in a catalog without filters, even if their names hold a year.
  const offersFilters = ({ catalog }) =>
    (catalog.extra ?? []).some(({ name, options }) => options?.length && rules[name]);
  const filtered = new Set(
    catalogs.filter(offersFilters).flatMap(({ byOption, items }) => (byOption ? [] : ids(items))),
  );
  let asked = 0;
  for (const { catalog, items, byOption } of catalogs) {
    const label = `${catalog.type}/${catalog.id}`;
    if (byOption) {
      // By-year catalogs: `genre` is the only extra that phones and TVs show, so its options are years.
      const all = titles.filter((title) => title.type === catalog.type && filtered.has(title.id));
      for (const [option, shown] of byOption) {
        if (narrowsNothing(option)) {
          const others = ids([...byOption.values()].flat());
          const lost = others.filter((id) => !ids(shown).includes(id));
          report.equal(lost, [], `${label} ${option} shows what every other option shows`);
          continue;
        }
        // Languages and channels are said by the rows of streams: languages.mjs.
        if (!/^\d{4}$/.test(option)) continue;
        const expected = all.filter((title) => rules.year(title, option));
        report.equal(ids(shown).sort(), ids(expected).sort(), `${label} shows exactly the titles of ${option}`);
        asked += 1;
      }
      const years = [...byOption].filter(([option]) => /^\d{4}$/.test(option));
      if (years.length === 0) continue;
      const found = ids(years.flatMap(([, shown]) => shown));
      const missing = all.filter((title) => yearOf(title.meta) && !found.includes(title.id));
      report.equal(ids(missing), [], `${label}: every title with a year is found by it`);
      continue;
    }
    const filters = (catalog.extra ?? []).filter(({ name, options }) => options?.length && rules[name]);
    for (const { name, options } of filters) {
      for (const option of options) {
        const expected = items.filter((item) => rules[name](item, option));
        const shown = await pages(catalog, [[name, option]], `${label} ${name}=${option}`);
        report.equal(
          ids(shown).sort(),
          ids(expected).sort(),
          `${label} ${name}=${option} shows exactly the titles of it`,
        );
        asked += 1;
      }
      const covered = items.filter((item) => options.some((option) => rules[name](item, option)));
      const known = items.filter((item) => (name === 'year' ? yearOf : genresOf)(metaOf(item))?.length > 0);
      // A manifest has no room for every year in every catalog: the rest is found in the by-year catalog.
      const elsewhere =
        name === 'year' ? catalogs.filter((other) => other.byOption).flatMap((other) => ids(other.items)) : [];
      const lost = ids(known.filter((item) => !covered.includes(item))).filter((id) => !elsewhere.includes(id));
      report.equal(lost, [], `${label}: every title is found by some ${name}`);
    }
    const [genre, year] = ['genre', 'year'].map((name) => filters.find((filter) => filter.name === name));
    if (!genre || !year) continue;
    const pairs = new Set(
      items.flatMap((item) =>
        genresOf(metaOf(item))
          .filter((g) => genre.options.includes(g))
          .map((g) => `${g}\n${yearOf(metaOf(item))}`),
      ),
    );
    for (const pair of pairs) {
      const [g, y] = pair.split('\n');
      const expected = items.filter((item) => rules.genre(item, g) && rules.year(item, y));
      // In either order: clients send the newest choice first.
      for (const extra of [
        [
          ['genre', g],
          ['year', y],
        ],
        [
          ['year', y],
          ['genre', g],
        ],
      ]) {
        const shown = await pages(catalog, extra, `${label} ${extra.map((e) => e.join('=')).join('&')}`);
        report.equal(
          ids(shown).sort(),
          ids(expected).sort(),
          `${label} with genre ${g} and year ${y} shows exactly the titles of both`,
        );
        asked += 1;
      }
    }
  }
  report.say(`filters: ${asked} selections`);
}
