// Finds the demo's real clips behind an install link: node scripts/client/clips.mjs INSTALL_URL CLIP...
//
// Prints `URL<tab>CLIP` for each file given, told by its exact size, then `URL<tab>` for the largest stream of all.
import { createRequire } from 'node:module';
import { statSync } from 'node:fs';

const { detectFromURL } = createRequire(import.meta.url)('stremio-addon-client');

const [installUrl, ...clips] = process.argv.slice(2);
const { addon } = await detectFromURL(installUrl);
const streams = new Map();

for (const catalog of addon.manifest.catalogs) {
  // As a viewer finds them in Discover: of what must be chosen the first.
  const required = (catalog.extra ?? []).filter(({ isRequired }) => isRequired);
  if (required.some(({ options }) => !options?.length)) continue;
  const chosen = Object.fromEntries(required.map(({ name, options }) => [name, options[0]]));
  const { metas } = await addon.get('catalog', catalog.type, catalog.id, chosen);
  for (const { type, id } of metas) {
    const { meta } = await addon.get('meta', type, id);
    const videos = meta.videos?.length ? meta.videos.map((video) => video.id) : [id];
    for (const video of videos) {
      const answer = await addon.get('stream', type, video);
      for (const stream of answer.streams)
        if (stream.url) streams.set(stream.url, stream.behaviorHints?.videoSize ?? 0);
    }
  }
}

let missing = 0;
for (const clip of clips) {
  const found = [...streams].find(([, size]) => size === statSync(clip).size);
  if (found) console.log(`${found[0]}\t${clip}`);
  else {
    missing += 1;
    console.error(`none of the ${streams.size} streams is as long as ${clip}`);
  }
}
const [largest] = [...streams].sort((a, b) => b[1] - a[1])[0] ?? [];
if (largest) console.log(`${largest}\t`);
process.exitCode = missing > 0 || !largest ? 1 : 0;
