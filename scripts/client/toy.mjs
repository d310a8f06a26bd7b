// A small right addon to try the check on, and one way at a time to spoil it.
//
// `serve({ metas, meta, streams, manifest, ... })`: each hook gets the body that would be sent and may change it.
import { createServer } from 'node:http';

const GENRES = ['Horror', 'Sci-Fi & Fantasy', 'War'];
const PAGE = 2;
const TOKEN = 'toytoken';

export async function serve(spoil = {}) {
  const server = createServer((request, response) => answer(request, response, origin(server), spoil));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { install: `${origin(server)}/stremio/${TOKEN}/manifest.json`, stop: () => server.close() };
}

const origin = (server) => `http://127.0.0.1:${server.address().port}`;

const film = (id, name, year, genres, spoken) => ({
  id,
  type: 'movie',
  name,
  releaseInfo: String(year),
  genres,
  spoken,
});
const FILMS = [
  film('tt0000001', 'Night of the Toys', 1968, ['Horror']),
  film('tt0000002', 'The Toy from Mars', 1953, ['Sci-Fi & Fantasy', 'War']),
  film('tmdb:3', 'Das große Spielzeug', 1968, ['War'], { language: 'German', flag: '🇩🇪' }),
  film('toy:4', 'holiday.mp4', '', []),
];
const SERIES = [
  {
    id: 'tt0000005',
    type: 'series',
    name: 'One Toy Beyond',
    releaseInfo: '1959-1961',
    genres: ['Sci-Fi & Fantasy'],
    videos: [1, 2, 3].map((episode) => ({
      id: `tt0000005:1:${episode}`,
      title: `Chapter ${episode}`,
      season: 1,
      episode,
      released: `1959-01-0${episode}T00:00:00.000Z`,
    })),
  },
];
const ALL = [...FILMS, ...SERIES];

function answer(request, response, home, spoil) {
  const send = (status, body, type = 'application/json') => {
    response.writeHead(status, { 'content-type': type, 'access-control-allow-origin': '*', ...spoil.headers });
    response.end(type === 'application/json' ? JSON.stringify(body) : body);
  };
  if (request.url === '/why') return send(200, '<!doctype html><p>This link was taken back.', 'text/html');
  if (request.url.startsWith('/poster/')) return send(200, 'picture', spoil.posterType ?? 'image/svg+xml');
  if (request.url.startsWith('/dl/')) return file(request, response, spoil);

  const [, , token, resource, type, id, extraPath] = request.url.replace(/\.json$/, '').split('/');
  if (token !== TOKEN) {
    if (resource !== 'stream') return send(403, { error: 'unknown link' });
    return send(200, {
      streams: [spoil.stranger ?? { name: 'Toy', description: 'This link is not valid', externalUrl: `${home}/why` }],
    });
  }
  const extra = new Map(
    (extraPath ?? '')
      .split('&')
      .filter(Boolean)
      .map((pair) => pair.split('=').map(decodeURIComponent)),
  );
  const shown = (item) => ({ ...item, poster: `${home}/poster/${encodeURIComponent(item.id)}.svg` });
  if (resource === 'manifest') return send(200, (spoil.manifest ?? same)(manifest()));
  if (resource === 'catalog') {
    const skip = Number(extra.get('skip') ?? 0);
    if (id === 'by-year') {
      if (extra.get('genre') !== 'All years') extra.set('year', extra.get('genre'));
      extra.delete('genre');
    }
    if (id === 'by-language') {
      if (extra.get('genre') !== 'All languages') extra.set('language', extra.get('genre'));
      extra.delete('genre');
    }
    const items = (spoil.filter ?? filtered)(
      ALL.filter((item) => item.type === type),
      extra,
    );
    const page = items.slice(skip, skip + PAGE).map(({ videos, spoken, ...item }) => shown(item));
    return send(200, { metas: (spoil.metas ?? same)(page, extra, home) });
  }
  const wanted = decodeURIComponent(id);
  const item = ALL.find((one) => wanted === one.id || wanted.startsWith(`${one.id}:`));
  if (resource === 'meta') {
    const behaviorHints = item.type === 'movie' ? { defaultVideoId: item.id } : {};
    return send(200, { meta: (spoil.meta ?? same)({ ...shown(item), behaviorHints }) });
  }
  const stream = (quality) => ({
    name: `Toy\n${quality}`,
    description: `${item.name}\n1 kB ${item.spoken?.flag ?? ''}`,
    url: `${home}/dl/x/${encodeURIComponent(item.name)}.${quality}.mkv`,
    behaviorHints: { bingeGroup: quality, filename: `${item.name}.${quality}.mkv`, videoSize: 1000, notWebReady: true },
  });
  return send(200, { streams: (spoil.streams ?? same)([stream('1080p'), stream('720p')]) });
}

const same = (body) => body;

/** What an unspoiled catalog shows. */
export function filtered(items, extra) {
  return items
    .filter((item) => !extra.has('genre') || item.genres.includes(extra.get('genre')))
    .filter((item) => !extra.has('year') || item.releaseInfo.startsWith(extra.get('year')))
    .filter((item) => !extra.has('language') || item.spoken?.language === extra.get('language'))
    .filter((item) => !extra.has('search') || item.name.toLowerCase().includes(extra.get('search').toLowerCase()));
}

function manifest() {
  const extra = [
    { name: 'genre', options: GENRES },
    { name: 'year', options: ['1968', '1959', '1953', '1950'] },
    { name: 'skip' },
    { name: 'search' },
  ];
  const years = [{ name: 'genre', isRequired: true, options: ['All years', '1968', '1959', '1953'] }, { name: 'skip' }];
  const languages = [
    { name: 'genre', isRequired: true, options: ['All languages', 'German', 'Hindi'] },
    { name: 'skip' },
  ];
  return {
    id: 'org.example.toy',
    name: 'Toy',
    version: '1.0.0+abc',
    types: ['movie', 'series'],
    resources: ['catalog', 'meta', 'stream'],
    catalogs: ['movie', 'series'].flatMap((type) => [
      { type, id: 'all', name: 'All', extra },
      { type, id: 'by-year', name: 'By year', extra: years },
      { type, id: 'by-language', name: 'By language', extra: languages },
    ]),
  };
}

function file(request, response, spoil) {
  const headers = { 'access-control-allow-origin': '*', 'content-type': 'video/x-matroska', 'accept-ranges': 'bytes' };
  const body = Buffer.alloc(spoil.fileBytes ?? 1000, 7);
  const ranged = request.headers.range === 'bytes=0-0' && !spoil.noRanges;
  const part = ranged ? body.subarray(0, 1) : body;
  response.writeHead(ranged ? 206 : 200, { ...headers, 'content-length': part.length });
  response.end(request.method === 'HEAD' ? undefined : part);
}
