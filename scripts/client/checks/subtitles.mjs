// Subtitles: while a file plays, the core asks for them and keeps every row that was sent; each address gives lines.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { base, core, get, installUrl, report } from '../subject.mjs';

/** Files that are played: each takes a question of its own. */
const MOST = 20;

/** Plays files of titles one after the other and looks at what the core has of their subtitles. */
export async function checkSubtitles(titles, streams) {
  const films = titles.filter(({ type, id }) => type === 'movie' && streams.get(id)?.some(({ url }) => url));
  const posted = await post(films[0]);
  let rows = 0;
  for (const { type, id } of films.slice(0, MOST)) {
    const stream = streams.get(id).find(({ url }) => url);
    const path = (resource) => ({ resource, type, id, extra: [] });
    const args = {
      stream,
      streamRequest: { base: installUrl, path: path('stream') },
      metaRequest: { base: installUrl, path: path('meta') },
      subtitlesPath: path('subtitles'),
    };
    const { filename, videoSize, videoHash } = stream.behaviorHints;
    const before = core.answers.length;
    const asked = `${base}/subtitles/${type}/${encodeURIComponent(id)}`;
    const answered = () => core.answers.slice(before).findLast(({ url }) => url.startsWith(asked));
    await core.load({ model: 'Player', args }, 'player', (s) => s.selected !== null);
    // What its player tells of the file, once it plays.
    const params = { hash: videoHash ?? null, size: videoSize ?? null, filename: filename ?? null };
    core.dispatch({ action: 'Player', args: { action: 'VideoParamsChanged', args: { videoParams: params } } }, 'player');
    const state = await core.until('player', () => answered(), 3000);
    const answer = answered();
    const sent = answer?.body?.subtitles;
    if (!report.check(Array.isArray(sent), `subtitles of ${id} are answered`, answer?.body)) continue;
    report.check(answer.url.includes('videoSize') || !videoSize, `the core says which file of ${id} plays`, answer.url);
    const kept = await core.until('player', (s) => (s.subtitles ?? state.subtitles ?? []).length >= sent.length, 2000);
    report.equal((kept.subtitles ?? []).length, sent.length, `the core keeps every subtitle of ${id} that was sent`);
    for (const row of sent) {
      rows += 1;
      const lines = await get(row.url);
      const text = await lines.text();
      report.check(lines.status === 200 && text.includes(' --> '), `${row.label} of ${id} gives lines`, lines.status);
    }
  }
  if (posted) report.check(rows > 0, 'what was posted beside a film is among its subtitles');
  report.say(`subtitles: ${rows} rows beside ${Math.min(films.length, MOST)} films`);
}

/** Posts subtitles of a film to the demo's channel, where it is a demo. */
async function post(film) {
  const { CINEPOST_ADMIN: admin, CINEPOST_CHANNEL: channel } = process.env;
  if (!admin || !film) return false;
  const file = join(mkdtempSync(join(tmpdir(), 'cinepost-')), 'subtitles.srt');
  writeFileSync(file, '1\n00:00:01,000 --> 00:00:02,000\nThey are coming to get you.\n');
  const name = `${film.meta.name} (${film.meta.releaseInfo}).en.srt`;
  const response = await get(`${admin}/channels/${channel}/posts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ file_name: name, media: file, mime: 'application/x-subrip' }),
  });
  report.check(response.ok, `${name} is posted`, await response.text());
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await get(`${base}/subtitles/movie/${film.id}.json`);
    if ((await answer.json()).subtitles.length > 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return report.check(false, `${name} is listed beside its film within ten seconds`);
}
