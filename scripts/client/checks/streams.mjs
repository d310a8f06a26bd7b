// Streams: everything that stands in a catalog plays, and one episode leads to the next.
import { ended } from '../core.mjs';
import { base, core, get, installUrl, report } from '../subject.mjs';

/** Every film, episode and unmatched file lists its streams, and each address answers a player. Answers with them by video id. */
export async function checkStreams(titles) {
  const byVideo = new Map();
  const links = new Map();
  let asked = 0;
  for (const { type, id, meta } of titles) {
    const videos = meta.videos?.length
      ? meta.videos.map((video) => video.id)
      : [meta.behaviorHints?.defaultVideoId ?? id];
    let playable = 0;
    for (const video of videos) {
      const args = {
        metaPath: { resource: 'meta', type, id, extra: [] },
        streamPath: { resource: 'stream', type, id: video, extra: [] },
        guessStream: false,
      };
      const ours = (s) => s.streams.find(({ addon }) => addon.transportUrl === installUrl)?.content;
      const { state, answers } = await core.load(
        { model: 'MetaDetails', args },
        'meta_details',
        (s) => ended(ours(s)) && ended(s.metaItem?.content),
      );
      const answer = answers.find(({ url }) => url.startsWith(`${base}/stream/`));
      const sent = answer?.body?.streams;
      asked += 1;
      if (
        !report.check(answer?.status === 200 && Array.isArray(sent), `streams of ${video} are answered`, answer?.body)
      )
        continue;
      byVideo.set(video, sent);
      const shown = ours(state).type === 'Ready' ? ours(state).content : [];
      report.equal(shown.length, sent.length, `the core shows every stream of ${video} that was sent`);
      for (const [at, stream] of sent.entries()) {
        const shape = (s) => [
          s?.name,
          s?.description,
          s?.behaviorHints?.bingeGroup,
          s?.behaviorHints?.filename,
          s?.behaviorHints?.videoSize,
        ];
        report.equal(
          shape(shown[at]),
          shape(stream),
          `stream ${at + 1} of ${video} keeps its text and hints, in order`,
        );
        const lines = (stream.description ?? '').split('\n').length;
        const claim = `stream ${at + 1} of ${video} has at most three lines, which are all that is shown`;
        report.check(lines <= 3, claim, lines);
        if (!stream.url) continue;
        playable += 1;
        if (report.check(URL.canParse(stream.url), `stream ${at + 1} of ${video} has an absolute address`, stream.url))
          links.set(stream.url, stream);
      }
    }
    report.check(playable > 0, `${type} ${id} (${meta.name}) has something to play`);
  }
  for (const [url, stream] of links) {
    const whole = await get(url, { method: 'HEAD' });
    report.check(
      whole.status === 200 && whole.headers.get('access-control-allow-origin'),
      `HEAD ${stream.behaviorHints.filename} answers 200 with CORS`,
      whole.status,
    );
    report.equal(
      Number(whole.headers.get('content-length')),
      stream.behaviorHints.videoSize,
      `${stream.behaviorHints.filename} is as long as its videoSize says`,
    );
    const first = await get(url, { headers: { range: 'bytes=0-0' } });
    const bytes = (await first.arrayBuffer()).byteLength;
    report.check(
      first.status === 206 && bytes === 1,
      `${stream.behaviorHints.filename}: its first byte can be read alone`,
      `${first.status}, ${bytes} bytes`,
    );
  }
  report.check(links.size > 0, 'there are streams to play');
  report.say(`streams: ${links.size} files behind ${asked} films, episodes and unmatched files`);
  return byVideo;
}

/** While an episode plays, the core finds the next one in the same quality: what starts by itself when it ends. */
export async function checkNextEpisode(titles, streams) {
  let pairs = 0;
  for (const { type, id, meta } of titles.filter((title) => title.type === 'series')) {
    const regular = (meta.videos ?? []).filter(({ season }) => season > 0);
    regular.sort((a, b) => a.season - b.season || a.episode - b.episode);
    for (const [at, video] of regular.slice(0, -1).entries()) {
      const next = regular[at + 1];
      const groups = (streams.get(next.id) ?? []).map((stream) => stream.behaviorHints?.bingeGroup);
      const stream = (streams.get(video.id) ?? []).find(
        (one) => one.url && groups.includes(one.behaviorHints?.bingeGroup),
      );
      if (!stream) continue;
      const path = (resource, wanted) => ({ resource, type, id: wanted, extra: [] });
      const args = {
        stream,
        streamRequest: { base: installUrl, path: path('stream', video.id) },
        metaRequest: { base: installUrl, path: path('meta', id) },
        subtitlesPath: path('subtitles', video.id),
      };
      const { state } = await core.load({ model: 'Player', args }, 'player', (s) => ended(s.metaItem) && s.nextVideo);
      const follows = await core.until('player', (s) => s.nextVideo?.streams?.length > 0, 2000);
      report.equal(state.nextVideo.id, next.id, `after ${video.id} comes ${next.id}`);
      const group = follows.nextVideo.streams?.[0]?.behaviorHints?.bingeGroup;
      report.equal(
        group,
        stream.behaviorHints.bingeGroup,
        `${next.id} starts by itself after ${video.id}, in the same quality`,
      );
      pairs += 1;
    }
  }
  report.check(pairs > 0, 'some episode is followed by one of the same quality');
  report.say(`next episode: ${pairs} pairs`);
}
