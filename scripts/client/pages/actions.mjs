// What the review list's buttons do, with JavaScript and without.

const LIST = '/owner/review?find=xylophone';

/** `open`: gives a signed-in tab. */
export async function checkActions(report, web, open) {
  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'with JavaScript' : 'without JavaScript';
    const tab = await open({ javaScriptEnabled });
    const rows = async () => (await tab.locator('.rows > li h3').allTextContents()).map((name) => name.trim());
    const done = () => tab.locator('#done').textContent();
    const press = (name) => tab.locator('.rows > li').first().getByRole('button', { name }).click();

    await tab.goto(`${web}${LIST}`);
    const [first, second] = await rows();
    await press('Try again');
    await tab.waitForSelector('#done');
    // Either it is being looked up, which the page then follows, or that is over already.
    if (!javaScriptEnabled) await tab.waitForTimeout(500).then(() => tab.reload());
    await tab.waitForFunction(() => !document.querySelector('#done[data-tried]'));
    report.check((await done()).includes('was looked up just now: '), `Try again tells what came of it, ${how}`, await done());
    report.equal((await rows())[0], first, `the row stays, ${how}`);

    await tab.goto(`${web}${LIST}`);
    await press('Ignore');
    await tab.waitForSelector('#done');
    report.check((await done()).includes('listed nowhere'), `Ignore is told, ${how}`, await done());
    report.equal((await rows())[0], second, `what is ignored leaves the list, ${how}`);
    await tab.locator('#done').getByRole('button', { name: 'Undo' }).click();
    await tab.waitForFunction((name) => document.querySelector('.rows > li h3')?.textContent.trim() === name, first);
    report.equal((await rows())[0], first, `Undo brings it back, ${how}`);

    await tab.goto(`${web}/owner?show=films&find=living+dead#library`);
    const found = await tab.locator('.posters .name').allTextContents();
    report.check(found.includes('Night of the Living Dead'), `the library is searched on its page, ${how}`, found);
    await tab.context().close();
  }
}
