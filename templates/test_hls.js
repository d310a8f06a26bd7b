// Plays the built-in film and says whether it came: by the browser itself where it knows HLS (Safari, many TVs), else by Media Source Extensions.
const film = document.getElementById('film');
const sign = document.getElementById('verdict');
const say = (text, isGood) => {
  document.getElementById('says').textContent = text;
  sign.classList.toggle('good', isGood === true);
};
const folder = film.dataset.folder;

const get = async (path) => {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
  return answer;
};

/** Waits for an event, or fails. */
const event = (target, name) =>
  new Promise((resolve, reject) => {
    target.addEventListener(name, resolve, { once: true });
    target.addEventListener('error', () => reject(new Error(film.error?.message || `${name} did not come`)), { once: true });
    setTimeout(() => reject(new Error('nothing came within 20 seconds')), 20_000);
  });

async function append(source, track, type) {
  if (!MediaSource.isTypeSupported(type)) throw new Error(`it does not decode ${type}`);
  const buffer = source.addSourceBuffer(type);
  const playlist = await (await get(`${folder}${track}.m3u8`)).text();
  const init = playlist.match(/EXT-X-MAP:URI="([^"]+)"/)[1];
  for (const part of [init, ...playlist.split('\n').filter((line) => line && !line.startsWith('#'))]) {
    const bytes = await (await get(folder + part)).arrayBuffer();
    const done = event(buffer, 'updateend');
    buffer.appendBuffer(bytes);
    await done;
  }
}

async function byScript() {
  const Source = window.ManagedMediaSource ?? window.MediaSource;
  if (!Source) throw new Error('it knows neither HLS nor Media Source Extensions');
  const master = await (await get(film.dataset.stream)).text();
  const [picture, sound] = master.match(/CODECS="([^"]+)"/)[1].split(',');
  const source = new Source();
  const opened = event(source, 'sourceopen');
  film.disableRemotePlayback = true;
  film.src = URL.createObjectURL(source);
  await opened;
  await Promise.all([append(source, 0, `video/mp4; codecs="${picture}"`), append(source, 1, `audio/mp4; codecs="${sound}"`)]);
  source.endOfStream();
}

async function play() {
  say('Trying …');
  const isNative = film.canPlayType('application/vnd.apple.mpegurl') !== '' && !window.chrome;
  if (isNative) film.src = film.dataset.stream;
  else await byScript();
  if (film.readyState < 2) await event(film, 'loadeddata');
  // To a place in the last segment: seeking is half of playing.
  const sought = event(film, 'seeked');
  film.currentTime = 12.2;
  await sought;
  say(`Yes: picture, sound and seeking, ${isNative ? 'by the browser itself' : 'by a script as in web players'}.`, true);
  film.currentTime = 0;
}

play().catch((error) => say(`No: ${error.message}. VLC, Infuse or Stremio on this device play films all the same.`));
