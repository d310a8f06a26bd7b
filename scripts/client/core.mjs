// Stremio's own core (the WebAssembly that its web client runs) under Node.
//
// The core expects a browser's worker around it. What it asks that worker for is given here: local storage over a Map,
// a location, and a `fetch` that reaches nothing but the addon under test. Every answer of the addon is kept as it came
// over the wire, so that a check can lay what was sent beside what the core made of it.
//
// One core per process: the module keeps its state in globals.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(import.meta.url);

/** The core sets no time limit to a request of its own; a check must end. */
const PATIENCE_MS = 10_000;

export class Core {
  #api;
  #listeners = new Set();

  /** What the addon answered, oldest first: `{ url, status, headers, body }`, the body parsed, or its text if not JSON. */
  answers = [];

  /** Addresses of others that the core asked for (Cinemeta, Stremio's API and its local server). None is called. */
  refused = [];

  /** Starts the core. Only `origin` (such as `http://127.0.0.1:7000`) can be reached from it. */
  static async start(origin) {
    const core = new Core();
    const storage = new Map();
    const realFetch = globalThis.fetch;
    Object.assign(globalThis, {
      self: globalThis,
      document: { baseURI: 'http://127.0.0.1/' },
      app_version: '5.0.0',
      shell_version: null,
      get_location_hash: async () => '#/',
      local_storage_get_item: async (key) => storage.get(key) ?? null,
      local_storage_set_item: async (key, value) => void storage.set(key, value),
      local_storage_remove_item: async (key) => void storage.delete(key),
      fetch: async (request, options) => {
        const url = typeof request === 'string' ? request : request.url;
        if (new URL(url).origin !== origin) {
          core.refused.push(url);
          throw new TypeError(`not reachable from this check: ${url}`);
        }
        const response = await realFetch(request, options);
        const text = await response.text();
        core.answers.push({ url, status: response.status, headers: response.headers, body: parsed(text) });
        return new Response(text, { status: response.status, headers: response.headers });
      },
    });
    // The core logs each refused address; only what it says of the addon is news.
    for (const level of ['log', 'error']) {
      const print = console[level].bind(console);
      console[level] = (...words) => {
        if (!words.some((word) => String(word).includes('not reachable from this check'))) print(...words);
      };
    }
    // It tells a worker from a window by `instanceof`.
    globalThis.WorkerGlobalScope = class {
      static [Symbol.hasInstance]() {
        return true;
      }
    };
    core.#api = require('@stremio/stremio-core-web');
    const wasm = readFileSync(require.resolve('@stremio/stremio-core-web/stremio_core_web_bg.wasm'));
    await core.#api.default({ module_or_path: wasm });
    await core.#api.initialize_runtime((event) => core.#listeners.forEach((listener) => listener(event)));
    return core;
  }

  state(model) {
    return this.#api.get_state(model);
  }

  dispatch(action, model = null) {
    this.#api.dispatch(action, model, '#/');
  }

  /** Loads a model anew, never from what it shows already, and answers with its state once `settled(state)` is true. */
  async load(args, model, settled) {
    this.dispatch({ action: 'Unload' }, model);
    const mark = this.answers.length;
    this.dispatch({ action: 'Load', args }, model);
    const state = await this.until(model, settled);
    if (!settled(state)) throw new Error(`the core did not finish ${JSON.stringify(args)} within ${PATIENCE_MS} ms`);
    return { state, answers: this.answers.slice(mark) };
  }

  /** The model's state as soon as `settled(state)` is true; after `patience` the state as it is then. */
  async until(model, settled, patience = PATIENCE_MS) {
    return new Promise((resolve) => {
      const look = () => {
        const state = this.state(model);
        if (settled(state)) finish(state);
      };
      const finish = (state) => {
        clearTimeout(timer);
        clearInterval(beat);
        this.#listeners.delete(look);
        resolve(state);
      };
      const timer = setTimeout(() => finish(this.state(model)), patience);
      // Some changes of state come without an event of their own.
      const beat = setInterval(look, 20);
      this.#listeners.add(look);
      setImmediate(look);
    });
  }
}

/** Whether a loadable (`{ type: 'Loading' | 'Ready' | 'Err', content }`) has come to an end, good or bad. */
export const ended = (loadable) => Boolean(loadable) && loadable.type !== 'Loading';

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
