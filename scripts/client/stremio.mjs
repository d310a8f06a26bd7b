// Checks an addon as Stremio sees it: node scripts/client/stremio.mjs INSTALL_URL
//
// Stremio's real core installs the addon, pages through every catalog, uses every filter, opens every title and lists
// the streams of all of it. The core drops in silence what it does not like: an item with a relative poster, a stream
// whose size is a string. So each answer is laid beside what the core kept of it, and anything missing is a failure.
// Last line: `stremio: N passed, N failed`.
import { report } from './subject.mjs';
import { checkAnswers, checkStrangers } from './checks/answers.mjs';
import { checkBoard } from './checks/board.mjs';
import { checkCatalogs } from './checks/catalogs.mjs';
import { checkFilters } from './checks/filters.mjs';
import { checkLanguages } from './checks/languages.mjs';
import { checkManifest } from './checks/manifest.mjs';
import { checkMetas, isCollection } from './checks/metas.mjs';
import { checkSearch } from './checks/search.mjs';
import { checkNextEpisode, checkStreams } from './checks/streams.mjs';
import { checkSubtitles } from './checks/subtitles.mjs';

const manifest = await checkManifest();
await checkBoard(manifest);
const catalogs = await checkCatalogs(manifest);
const titles = await checkMetas(catalogs);
// A collection is in no filter and no search: its films are.
const films = titles.filter((title) => !isCollection(title));
await checkFilters(catalogs, films);
await checkSearch(films);
const streams = await checkStreams(titles);
await checkNextEpisode(titles, streams);
// Whoever has none says so in its manifest.
if (manifest.resources.some((one) => (one.name ?? one) === 'subtitles')) await checkSubtitles(titles, streams);
checkLanguages(catalogs, films, streams);
await checkStrangers();
checkAnswers();
report.close();
// The core keeps timers of its own.
process.exit();
