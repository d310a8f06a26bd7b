// The Stremio check itself: it passes a right addon and fails each wrong one, saying what is wrong.
// Run by scripts/check-stremio; alone: node --test scripts/client/
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { filtered, serve } from './toy.mjs';

const CHECK = fileURLToPath(new URL('stremio.mjs', import.meta.url));

async function run(spoil) {
  const toy = await serve(spoil);
  try {
    return await new Promise((resolve) => {
      const child = spawn(process.execPath, [CHECK, toy.install], { stdio: ['ignore', 'pipe', 'inherit'] });
      let output = '';
      child.stdout.on('data', (chunk) => (output += chunk));
      child.on('close', (code) => resolve({ code, output }));
    });
  } finally {
    toy.stop();
  }
}

// Each run is a process of its own that mostly waits, for what a dropped item would have become.
describe('the check of an addon', { concurrency: 4 }, () => {
  test('a right addon passes', async () => {
    const { code, output } = await run({});
    assert.equal(code, 0, output);
    assert.match(output, /^stremio: \d+ passed, 0 failed$/m);
  });

  const first = (change) => (list) => list.map((item, at) => (at === 0 ? change(item) : item));
  const hints = (change) => (stream) => ({ ...stream, behaviorHints: { ...stream.behaviorHints, ...change } });

  const withoutTheFifties = (body) => {
    for (const { extra } of body.catalogs)
      extra[0].options = extra[0].options.filter((year) => !year.startsWith('195'));
    return body;
  };

  const linked = (link) => (meta) => ({ ...meta, links: [link] });

  const inDisorder = (body) => {
    for (const { id, extra } of body.catalogs)
      if (id === 'by-year') extra[0].options = ['2030', '1968', '1959', '1953'];
    return body;
  };

  const withoutLanguage = (items, extra) => {
    extra.delete('language');
    return filtered(items, extra);
  };

  // What is wrong, how the toy is spoiled, what the check must say.
  const spoiled = [
    [
      'an item with a relative poster is dropped',
      { metas: first((item) => ({ ...item, poster: '/p.jpg' })) },
      /shows all \d+ items/,
    ],
    [
      'an item whose date has no time is dropped',
      { metas: first((item) => ({ ...item, released: '1968-10-01' })) },
      /shows all \d+ items/,
    ],
    ['a page repeats an item of the page before', { filter: (items) => [...items, items[0]] }, /shows all \d+ items/],
    ['a catalog is empty', { filter: () => [] }, /is not empty/],
    ['the Board shows an empty row', { filter: () => [] }, /is filled on the Board/],
    [
      'genre is ignored',
      { filter: (items, extra) => (extra.has('search') ? [] : items) },
      /shows exactly the titles of it/,
    ],
    ['a language shows what is not spoken so', { filter: withoutLanguage }, /titles in whose rows its flag stands/],
    [
      'a language shows nothing',
      { filter: (items, extra) => (extra.has('language') ? [] : items) },
      /every title whose row says a language/,
    ],
    ['a year is left out of by-year', { manifest: withoutTheFifties }, /every title with a year/],
    ['by-year opens on a year that is empty', { manifest: inDisorder }, /opens on 2030, which shows something/],
    ['search finds nothing', { metas: (items, extra) => (extra.has('search') ? [] : items) }, /searching “.*” finds/],
    ['a title cannot be opened', { meta: (meta) => ({ ...meta, videos: [{ id: 'x', title: null }] }) }, /opens/],
    ['a stream size is a string', { streams: first(hints({ videoSize: '1000' })) }, /shows every stream/],
    [
      'a stream address is relative',
      { streams: first((stream) => ({ ...stream, url: '/dl/x/y.mkv' })) },
      /shows every stream/,
    ],
    [
      'a row has too many lines',
      { streams: first((stream) => ({ ...stream, description: 'one\ntwo\nthree\nfour' })) },
      /at most three lines/,
    ],
    [
      'a rating leads to a host that the core does not take',
      { meta: linked({ name: '7.0', category: 'imdb', url: 'https://www.imdb.com/title/tt1/' }) },
      /rating leads to imdb.com/,
    ],
    [
      'an actor is not found',
      { meta: linked({ name: 'A B', category: 'Cast', url: 'stremio:///search?search=A%20B' }) },
      /searching “A B” finds/,
    ],
    ['a title has nothing to play', { streams: () => [] }, /has something to play/],
    [
      'no two streams share a bingeGroup',
      { streams: (list) => list.map((stream) => hints({ bingeGroup: randomUUID() })(stream)) },
      /followed by one of the same quality/,
    ],
    ['a file is not as long as promised', { fileBytes: 999 }, /as long as its videoSize/],
    ['a file cannot be sought in', { noRanges: true }, /first byte can be read alone/],
    [
      'the linter complains',
      { manifest: (body) => ({ ...body, resources: [...body.resources, 'films'] }) },
      /linter has no complaint/,
    ],
    [
      'the manifest is too large',
      { manifest: (body) => ({ ...body, description: 'x'.repeat(9000) }) },
      /at most 8192 bytes/,
    ],
    [
      'the core refuses the manifest',
      { manifest: (body) => ({ ...body, behaviorHints: null }) },
      /the core reads the manifest/,
    ],
    [
      'other web clients may not read it',
      { headers: { 'access-control-allow-origin': 'https://example.org' } },
      /CORS/,
    ],
    ['a poster is no picture', { posterType: 'text/plain' }, /is a picture/],
    ['a stranger gets no explanation', { stranger: { name: 'no' } }, /leads to an explanation/],
  ];

  for (const [wrong, spoil, says] of spoiled) {
    test(`it fails when ${wrong}`, async () => {
      const { code, output } = await run(spoil);
      assert.equal(code, 1, output);
      assert.match(
        output
          .split('\n')
          .filter((line) => line.includes('FAILED'))
          .join('\n'),
        says,
      );
    });
  }
});
