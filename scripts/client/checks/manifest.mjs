// The manifest: what the linter says, and what is left of it in the core.
import { createRequire } from 'node:module';
import { ended } from '../core.mjs';
import { core, get, installUrl, report } from '../subject.mjs';

const linter = createRequire(import.meta.url)('stremio-addon-linter');
/** Stremio's API refuses larger ones. */
const MANIFEST_MAX_BYTES = 8192;

/** The linter has nothing to say, the core installs it, and no catalog, extra or option is lost on the way. */
export async function checkManifest() {
  const response = await get(installUrl);
  const text = await response.text();
  report.equal(response.status, 200, 'the manifest answers 200');
  const sent = JSON.parse(text);
  report.check(
    Buffer.byteLength(text) <= MANIFEST_MAX_BYTES,
    `the manifest has at most ${MANIFEST_MAX_BYTES} bytes`,
    text.length,
  );
  const lint = linter.lintManifest(sent);
  const complaints = [...lint.errors, ...lint.warnings].map(String);
  report.check(lint.valid && complaints.length === 0, 'stremio-addon-linter has no complaint', complaints);

  const details = { model: 'AddonDetails', args: { transportUrl: installUrl } };
  const { state } = await core.load(details, 'addon_details', (s) => ended(s.remoteAddon?.content));
  const content = state.remoteAddon.content;
  if (!report.equal(content.type, 'Ready', 'the core reads the manifest')) {
    report.say(`          ${JSON.stringify(content.content)}`);
    report.close();
    process.exit();
  }
  const shape = (list) =>
    list.map(({ type, id, name, extra = [] }) => [
      type,
      id,
      name,
      extra.map((e) => [e.name, e.isRequired ?? false, e.options ?? []]),
    ]);
  report.equal(
    shape(content.content.manifest.catalogs),
    shape(sent.catalogs),
    'the core keeps every catalog, extra and option',
  );

  core.dispatch({ action: 'Ctx', args: { action: 'InstallAddon', args: content.content } });
  const installed = (ctx) => ctx.profile.addons.some((addon) => addon.transportUrl === installUrl);
  report.check(installed(await core.until('ctx', installed)), 'the core installs the addon');
  report.say(`manifest ${sent.id} ${sent.version}: ${text.length} bytes, ${sent.catalogs.length} catalogs`);
  return sent;
}
