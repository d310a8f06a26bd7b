// Plays links in a real browser: node scripts/client/browser.mjs URL...
//
// A page of another origin, as Stremio's web player is, puts each link into a <video> element in headless Chromium,
// plays, seeks forwards and backwards, and plays on. Where a seek led is read from the picture itself: the demo's clips
// carry a bar along the bottom edge that grows with time (scripts/make-media).
// CHROMIUM names the browser, /usr/bin/chromium by default. Last line: `browser: N passed, N failed`.
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openChromium } from './chromium.mjs';
import { Report } from './report.mjs';

// These run in the page.
const inPage = {
  load: (url) =>
    new Promise((resolve, reject) => {
      const video = document.querySelector('video');
      const began = performance.now();
      video.onerror = () => reject(new Error(video.error.message || `media error ${video.error.code}`));
      video.onloadeddata = () => resolve({ duration: video.duration, ms: Math.round(performance.now() - began) });
      setTimeout(() => reject(new Error('no picture within 20 s')), 20_000);
      video.src = url;
    }),
  play: async (ms) => {
    const video = document.querySelector('video');
    const from = video.currentTime;
    await video.play();
    await new Promise((resolve) => setTimeout(resolve, ms));
    video.pause();
    return { from, to: video.currentTime, frames: video.getVideoPlaybackQuality().totalVideoFrames };
  },
  seek: (target) =>
    new Promise((resolve, reject) => {
      const video = document.querySelector('video');
      const began = performance.now();
      setTimeout(() => reject(new Error(`the seek to ${target} s did not end within 20 s`)), 20_000);
      video.onseeked = () => {
        // The bar's end: where the colour of the bottom edge stops being that of its first pixel.
        const canvas = Object.assign(document.createElement('canvas'), {
          width: video.videoWidth,
          height: video.videoHeight,
        });
        const context = canvas.getContext('2d');
        context.drawImage(video, 0, 0);
        const { data } = context.getImageData(0, canvas.height - 5, canvas.width, 1);
        const differs = (x) => [0, 1, 2].reduce((sum, c) => sum + Math.abs(data[4 * x + c] - data[4 * 2 + c]), 0) > 100;
        let end = 2;
        while (end < canvas.width && !differs(end)) end += 1;
        resolve({ at: video.currentTime, bar: end / canvas.width, ms: Math.round(performance.now() - began) });
      };
      video.currentTime = target;
    }),
};

const urls = process.argv.slice(2);
const report = new Report('browser');
const profile = mkdtempSync(join(tmpdir(), 'cinepost-chromium-'));

const page = '<!doctype html><meta charset="utf-8"><video crossorigin="anonymous" muted playsinline></video>';
const server = createServer((_, response) => response.end(page));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const browser = await openChromium(profile);
try {
  for (const url of urls) await plays(url);
} finally {
  await browser.close();
  server.close();
  rmSync(profile, { recursive: true, force: true });
}
report.close();

async function plays(url) {
  const name = decodeURIComponent(url.split('/').at(-1));
  const tab = await browser.newPage();
  const asked = [];
  tab.on('request', (request) => request.url() === url && asked.push(request.headers().range ?? 'no range'));
  await tab.goto(`http://127.0.0.1:${server.address().port}/`);
  try {
    const loaded = await tab.evaluate(inPage.load, url);
    if (!report.check(loaded.duration > 40, `${name} opens in Chromium`, loaded)) return;
    const start = await tab.evaluate(inPage.play, 1000);
    report.check(start.to - start.from > 0.5 && start.frames > 5, `${name} plays`, start);
    for (const target of [loaded.duration * 0.75, loaded.duration * 0.2]) {
      const seek = await tab.evaluate(inPage.seek, target);
      const wanted = target / loaded.duration;
      report.check(Math.abs(seek.at - target) < 0.5, `${name} seeks to ${target} s`, seek);
      report.check(Math.abs(seek.bar - wanted) < 0.02, `${name} shows the picture of ${target} s`, { wanted, ...seek });
      const on = await tab.evaluate(inPage.play, 700);
      report.check(on.to - on.from > 0.3, `${name} plays on from ${target} s`, on);
    }
    report.say(
      `${name}: ${loaded.duration.toFixed(1)} s, opened in ${loaded.ms} ms; asked for ${[...new Set(asked)].join(', ')}`,
    );
  } catch (error) {
    report.check(false, `${name} plays and seeks`, String(error));
  } finally {
    await tab.close();
  }
}
