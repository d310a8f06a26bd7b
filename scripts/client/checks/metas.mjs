// Metas: every title opens, with every episode, link and picture that was sent.
import { ended } from '../core.mjs';
import { base, core, get, report } from '../subject.mjs';
import { day, fields } from './compare.mjs';

/** Whether a row stands for several films. */
export const isCollection = ({ id }) => id.startsWith('cinepost:collection:');

/** Opens every title of every catalog. Answers with `[{ type, id, meta }]`, the meta as it was sent. */
export async function checkMetas(catalogs) {
  const titles = new Map();
  const posters = new Set();
  let videos = 0;
  for (const { type, id, name } of catalogs.flatMap(({ items }) => items)) {
    if (titles.has(`${type} ${id}`)) continue;
    const args = { metaPath: { resource: 'meta', type, id, extra: [] }, streamPath: null, guessStream: false };
    const { state, answers } = await core.load({ model: 'MetaDetails', args }, 'meta_details', (s) =>
      ended(s.metaItem?.content),
    );
    const sent = answers.find(({ url }) => url.startsWith(`${base}/meta/`))?.body?.meta;
    const content = state.metaItem.content;
    if (!report.check(content.type === 'Ready' && sent, `meta ${id} (${name}) opens`, content.content)) continue;
    const seen = content.content;
    report.equal([seen.id, ...fields(seen)], [id, ...fields(sent)], `meta ${id} keeps its id, name, pictures and text`);
    report.equal(
      seen.videos.length,
      (sent.videos ?? []).length,
      `meta ${id}: the core shows every video that was sent`,
    );
    for (const video of sent.videos ?? []) {
      const found = seen.videos.find((other) => other.id === video.id);
      const shape = (v) => [
        v?.title,
        v?.season,
        v?.episode,
        v?.thumbnail ?? null,
        v?.overview ?? null,
        day(v?.released),
      ];
      report.equal(
        shape(found),
        shape(video),
        `meta ${id}: video ${video.id} keeps its title, place, picture and date`,
      );
    }
    if (sent.links)
      report.equal(seen.links.length, sent.links.length, `meta ${id}: the core shows every link that was sent`);
    const rating = (sent.links ?? []).find(({ category }) => category === 'imdb');
    const host = rating && new URL(rating.url).hostname;
    if (rating) report.equal(host, 'imdb.com', `meta ${id}: its rating leads to imdb.com, the only host that is drawn`);
    if (isCollection({ id }))
      report.check(
        seen.videos.length > 1 && !seen.behaviorHints.defaultVideoId,
        `meta ${id}: a collection shows its films to choose from`,
      );
    else if (type === 'movie') report.equal(seen.behaviorHints.defaultVideoId, id, `meta ${id}: a film plays by its own id`);
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
    report.check(
      response.status === 200 && type.startsWith('image/') && bytes > 0,
      `poster ${url} is a picture`,
      `${response.status} ${type} ${bytes} bytes`,
    );
  }
  report.say(`metas: ${titles.size} titles, ${videos} episodes, ${posters.size} posters (${here.length} looked at)`);
  return [...titles.values()];
}
