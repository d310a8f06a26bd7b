// By-language catalogs: what is spoken stands in the rows of the streams, as flags, and in no meta.
import { report } from '../subject.mjs';
import { ids } from './compare.mjs';

const FLAG = /\p{Regional_Indicator}{2}/gu;

/** Each language shows exactly the titles in whose rows one flag stands, and each flag is some language's. */
export function checkLanguages(catalogs, titles, streams) {
  for (const { catalog, byOption } of catalogs.filter(({ catalog }) => catalog.id === 'by-language')) {
    const label = `${catalog.type}/${catalog.id}`;
    const flagged = titlesByFlag(
      titles.filter(({ type }) => type === catalog.type),
      streams,
    );
    const [, ...languages] = byOption;
    const unclaimed = new Map(flagged);
    for (const [language, shown] of languages) {
      if (shown.length === 0) continue;
      const same = [...flagged].find(([, found]) => String(found) === String(ids(shown).sort()));
      report.check(same, `${label} ${language} shows exactly the titles in whose rows its flag stands`, ids(shown));
      if (same) unclaimed.delete(same[0]);
    }
    report.equal([...unclaimed], [], `${label}: every title whose row says a language is found by it`);
  }
}

/** `[flag, ids of titles]`, sorted. */
function titlesByFlag(titles, streams) {
  const flagged = new Map();
  for (const { id, meta } of titles) {
    const videos = meta.videos?.length ? meta.videos.map((video) => video.id) : [meta.behaviorHints?.defaultVideoId ?? id];
    const rows = videos.flatMap((video) => streams.get(video) ?? []);
    const flags = new Set(rows.flatMap(({ name, description }) => `${name}\n${description}`.match(FLAG) ?? []));
    for (const flag of flags) flagged.set(flag, [...(flagged.get(flag) ?? []), id].sort());
  }
  return [...flagged];
}
