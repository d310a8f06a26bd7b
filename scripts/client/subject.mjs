// What is under test: the addon behind the install link in argv, the core that has it, and the report.
//
// One core per process, so these are as good as globals and the checks import them.
import { Core } from './core.mjs';
import { Report } from './report.mjs';

/** The manifest's address, as a person pastes it into Stremio. */
export const [installUrl] = process.argv.slice(2);
if (!installUrl?.endsWith('/manifest.json')) {
  console.error('usage: node scripts/client/stremio.mjs http://127.0.0.1:PORT/stremio/TOKEN/manifest.json');
  process.exit(2);
}
/** What every other address of the addon begins with. */
export const base = installUrl.slice(0, -'/manifest.json'.length);
/** Requests of the check's own. The core gets a `fetch` that writes down what it asks for. */
export const get = globalThis.fetch;
export const report = new Report('stremio');
export const core = await Core.start(new URL(installUrl).origin);
