// Plays HLS as pages do: node scripts/client/hls.mjs < FILMS
//
// FILMS is a JSON array of {name, url, bar, beeps, isLong}: films with a bar along the bottom edge that grows with time (`bar`: the film's length in seconds), or without.
// In headless Chromium hls.js plays each: the first picture, playing on, seeks forwards, backwards and near the end. hls.js reports no error, the picture is the one
// of the time that was sought, and playing goes on. Of films of flashes and beeps (`beeps`), which have both at each full second, picture and sound are caught as they are decoded, and compared.
// CHROMIUM names the browser, /usr/bin/chromium by default. Prints how long it took from a seek to its picture, in films so long (`isLong`) that
// nothing of that place was there before. Last line: `hls: N passed, N failed`.
import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openChromium } from './chromium.mjs';
import { Report } from './report.mjs';

const films = JSON.parse(readFileSync(0, 'utf8'));
const report = new Report('hls');
const script = readFileSync(createRequire(import.meta.url).resolve('hls.js/dist/hls.min.js'));

// These run in the page.
const inPage = {
  load: (url) =>
    new Promise((resolve, reject) => {
      const video = document.querySelector('video');
      const began = performance.now();
      window.problems = [];
      window.player = new window.Hls({ enableWorker: true, maxBufferLength: 12 });
      window.player.on(window.Hls.Events.ERROR, (_, data) => {
        // What it was loading when somebody sought elsewhere, it gave up by itself.
        if (data.details === 'aborted') return;
        window.problems.push(`${data.type} ${data.details} ${data.fatal ? 'fatal ' : ''}${data.error?.message ?? ''}`);
        if (data.fatal) reject(new Error(window.problems.at(-1)));
      });
      setTimeout(() => reject(new Error(`no picture within 20 s; ${window.problems.join('; ')}`)), 20_000);
      video.onloadeddata = () => resolve({ duration: video.duration, ms: Math.round(performance.now() - began) });
      window.player.loadSource(url);
      window.player.attachMedia(video);
    }),
  play: async (ms) => {
    const video = document.querySelector('video');
    const from = video.currentTime;
    await video.play();
    await new Promise((resolve) => setTimeout(resolve, ms));
    video.pause();
    const buffered = [...Array(video.buffered.length).keys()].map((n) => [video.buffered.start(n), video.buffered.end(n)]);
    return { from, to: video.currentTime, frames: video.getVideoPlaybackQuality().totalVideoFrames, buffered };
  },
  // To the moment when a picture of the new time is on the screen.
  seek: (target) =>
    new Promise((resolve, reject) => {
      const video = document.querySelector('video');
      const began = performance.now();
      setTimeout(() => reject(new Error(`no picture of ${target} s within 20 s; ${window.problems.join('; ')}`)), 20_000);
      const seen = (_, picture) => {
        if (Math.abs(picture.mediaTime - target) > 1) return video.requestVideoFrameCallback(seen);
        const canvas = Object.assign(document.createElement('canvas'), { width: video.videoWidth, height: video.videoHeight });
        const context = canvas.getContext('2d');
        context.drawImage(video, 0, 0);
        const { data } = context.getImageData(0, canvas.height - 5, canvas.width, 1);
        const white = (x) => data[4 * x] > 128;
        let end = 0;
        while (end < canvas.width && white(end)) end += 1;
        resolve({ at: picture.mediaTime, bar: end / canvas.width, ms: Math.round(performance.now() - began) });
      };
      video.requestVideoFrameCallback(seen);
      video.currentTime = target;
    }),
  // Plays for a while and catches when pictures turn white and when the sound begins, both in the media's time.
  catch: async (ms) => {
    const video = document.querySelector('video');
    window.context ??= new AudioContext();
    await window.context.resume();
    if (!window.analyser) {
      window.analyser = window.context.createAnalyser();
      window.analyser.fftSize = 256;
      const source = window.context.createMediaElementSource(video);
      source.connect(window.analyser);
      source.connect(window.context.destination);
    }
    const canvas = Object.assign(document.createElement('canvas'), { width: 8, height: 8 });
    const drawing = canvas.getContext('2d', { willReadFrequently: true });
    const flashes = [];
    const beeps = [];
    let [wasWhite, wasLoud, on] = [true, true, true];
    const seen = (_, picture) => {
      drawing.drawImage(video, 0, 0, 8, 8);
      const isWhite = drawing.getImageData(4, 2, 1, 1).data[0] > 128;
      if (isWhite && !wasWhite) flashes.push(picture.mediaTime);
      wasWhite = isWhite;
      if (on) video.requestVideoFrameCallback(seen);
    };
    video.requestVideoFrameCallback(seen);
    const samples = new Float32Array(256);
    const timer = setInterval(() => {
      window.analyser.getFloatTimeDomainData(samples);
      const isLoud = samples.some((sample) => Math.abs(sample) > 0.1);
      if (isLoud && !wasLoud) beeps.push(video.currentTime);
      wasLoud = isLoud;
    }, 2);
    await video.play();
    await new Promise((resolve) => setTimeout(resolve, ms));
    video.pause();
    on = false;
    clearInterval(timer);
    return { flashes, beeps };
  },
};

const profile = mkdtempSync(join(tmpdir(), 'cinepost-chromium-'));
const page = '<!doctype html><meta charset="utf-8"><video playsinline></video><script src="/hls.js"></script>';
const server = createServer((request, response) => {
  const isScript = request.url === '/hls.js';
  response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
  response.end(isScript ? script : page);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await openChromium(profile);
const all = [];
try {
  for (const film of films) await plays(film);
} finally {
  await browser.close();
  server.close();
  rmSync(profile, { recursive: true, force: true });
}
all.sort((a, b) => a - b);
if (all.length > 0) {
  const median = all[all.length >> 1];
  report.say(`from a seek to its picture, nothing of it there before: median ${median} ms, longest ${all.at(-1)} ms, of ${all.length}`);
}
report.close();

async function plays({ name, url, bar, beeps, isLong }) {
  const tab = await browser.newPage();
  await tab.goto(`http://127.0.0.1:${server.address().port}/`);
  try {
    const loaded = await tab.evaluate(inPage.load, url);
    const start = await tab.evaluate(inPage.play, 800);
    report.check(start.to - start.from > 0.4 && start.frames > 3, `${name} plays`, start);
    const seeks = [];
    for (const part of [0.7, 0.2, 0.9]) {
      const target = loaded.duration * part;
      const seek = await tab.evaluate(inPage.seek, target);
      seeks.push(seek.ms);
      report.check(Math.abs(seek.at - target) < 0.1, `${name} shows ${target} s`, seek);
      if (bar) {
        report.check(Math.abs(seek.bar - target / bar) < 0.02, `${name} shows the picture of ${target} s`, { ...seek, bar });
      }
      const on = await tab.evaluate(inPage.play, 500);
      report.check(on.to - on.from > 0.2, `${name} plays on from ${target} s`, on);
    }
    if (beeps) await together(tab, name, loaded.duration);
    const problems = await tab.evaluate(() => window.problems);
    report.check(problems.length === 0, `${name}: hls.js reports no error`, problems);
    if (isLong) all.push(...seeks);
    report.say(`${name}: ${loaded.duration.toFixed(2)} s, opened in ${loaded.ms} ms, seeks to pictures in ${seeks.join(', ')} ms`);
  } catch (error) {
    report.check(false, `${name} plays and seeks`, String(error));
  } finally {
    await tab.close();
  }
}

/** After each of three seeks a flash and a beep are caught; what the page measures is only as fine as its pictures and its timer. */
async function together(tab, name, duration) {
  for (const part of [0.55, 0.15, 0.8]) {
    await tab.evaluate(inPage.seek, Math.floor(duration * part) + 0.4);
    const { flashes, beeps } = await tab.evaluate(inPage.catch, 2600);
    const near = flashes.map((flash) => Math.min(...beeps.map((beep) => Math.abs(beep - flash)))).sort((a, b) => a - b);
    report.check(near.length > 0 && near[0] < 0.12, `${name}: a flash and its beep come together`, { flashes, beeps });
  }
}
