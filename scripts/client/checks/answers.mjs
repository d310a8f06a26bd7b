// What holds beyond single resources: strangers, CORS, and where the secret goes.
import { base, core, get, installUrl, report } from '../subject.mjs';

/** Somebody with a wrong token reads why, and never sees the library. */
export async function checkStrangers() {
  const wrong = base.replace(/[^/]+$/, 'nobody');
  const refused = await get(`${wrong}/manifest.json`);
  report.equal(refused.status, 403, 'a wrong token gets no manifest');
  const answer = await get(`${wrong}/stream/movie/tt0063350.json`);
  const [row, ...others] = (await answer.json().catch(() => ({})))?.streams ?? [];
  report.check(
    row?.externalUrl && !row.url && others.length === 0,
    'a wrong token gets one row that leads to an explanation',
    row,
  );
  if (row?.externalUrl) {
    const page = await get(row.externalUrl);
    report.check(
      page.ok && page.headers.get('content-type')?.startsWith('text/html'),
      'the explanation is a page',
      page.status,
    );
  }
}

/** What holds for every answer: CORS, no error, and the secret of the install link stays at home. */
export function checkAnswers() {
  const token = new URL(installUrl).pathname.split('/').at(-2);
  for (const { url, status, headers } of core.answers) {
    report.check(status === 200, `${url} answers 200`, status);
    report.check(headers.get('access-control-allow-origin') === '*', `${url} can be read by any web client (CORS)`);
  }
  report.equal(
    core.refused.filter((url) => url.includes(token)),
    [],
    'the token in the install link reaches no other server',
  );
  report.say(
    `answers: ${core.answers.length}, all with CORS; ${core.refused.length} requests to others refused, none with the token`,
  );
}
