// Posts many small files to the demo's channel and waits until the addon lists them all, so that a catalog has several
// pages: node scripts/client/post-many.mjs ADMIN_URL CHANNEL INSTALL_URL COUNT
//
// No provider knows their names: they stand in the catalog of unmatched files.
import { createRequire } from 'node:module';

const { detectFromURL } = createRequire(import.meta.url)('stremio-addon-client');

/** For all of them to be posted, looked up and listed. */
const PATIENCE_MS = 60_000;
/** More than one answer of the simulation should carry. */
const BATCH = 50;
const TITLE = 'Xylophone rehearsal';

const [admin, channel, installUrl, count] = process.argv.slice(2);
const name = (n) => `${TITLE} ${String(n).padStart(4, '0')}.mp4`;
const posts = Array.from({ length: Number(count) }, (_, n) => ({
  file_name: name(n),
  size: 5_000_000 + n,
  mime: 'video/mp4',
}));

const began = Date.now();
for (let at = 0; at < posts.length; at += BATCH) {
  const response = await fetch(`${admin}/channels/${channel}/posts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(posts.slice(at, at + BATCH)),
  });
  if (!response.ok) throw new Error(`posting was answered ${response.status}: ${await response.text()}`);
}

const { addon } = await detectFromURL(installUrl);
let listed = new Set();
while (listed.size < posts.length) {
  if (Date.now() - began > PATIENCE_MS) throw new Error(`${listed.size} of ${count} posts are listed after 60 s`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  listed = new Set();
  for (let skip = 0; ;) {
    const { metas } = await addon.get('catalog', 'movie', 'unmatched', { skip });
    if (metas.length === 0) break;
    for (const { id, name } of metas) if (name.startsWith(TITLE)) listed.add(id);
    skip += metas.length;
  }
}
console.log(`${count} posts listed after ${Date.now() - began} ms`);
