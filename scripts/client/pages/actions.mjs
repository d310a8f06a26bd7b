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
    // Either it is being looked up, which the page then follows, or a person by its link; or that is over already.
    while (await tab.locator('#done[data-tried]').count()) {
      await tab.waitForTimeout(100);
      if (!javaScriptEnabled) await tab.reload();
    }
    report.check((await done()).includes('was looked up just now: '), `Try again tells what came of it, ${how}`, await done());
    report.equal((await rows())[0], first, `the row stays, ${how}`);

    await tab.goto(`${web}${LIST}`);
    await press('Ignore');
    await tab.waitForSelector('#done');
    report.check((await done()).includes('listed nowhere'), `Ignore is told, ${how}`, await done());
    report.equal((await rows())[0], second, `what is ignored leaves the list, ${how}`);
    await tab.locator('#done').getByRole('button', { name: 'Undo' }).click();
    await tab.locator('.rows > li h3', { hasText: first }).waitFor();
    report.equal((await rows())[0], first, `Undo brings it back, ${how}`);

    await tab.goto(`${web}/owner?show=films&find=living+dead#library`);
    const found = await tab.locator('.posters .name').allTextContents();
    report.check(found.includes('Night of the Living Dead'), `the library is searched on its page, ${how}`, found);
    if (javaScriptEnabled) await checkFollowing(report, web, tab);
    await tab.context().close();
  }
}

/** A row that is being looked up is asked for until the server says what came of it. */
async function checkFollowing(report, web, tab) {
  await tab.goto(`${web}${LIST}`);
  const name = await tab.evaluate(() => {
    const [row, gone] = document.querySelectorAll('.rows > li');
    for (const li of [row, gone]) {
      li.dataset.tried = '';
      li.querySelector('.reason').textContent = 'Looking it up now…';
    }
    gone.id = '00000000000000000';
    row.querySelector('a').focus();
    return row.querySelector('h3').textContent.trim();
  });
  await tab.locator('.rows > [data-tried]').first().waitFor({ state: 'detached' });
  await tab.locator('[id="00000000000000000"]').waitFor({ state: 'detached' });
  const row = tab.locator('.rows > li').first();
  report.equal((await row.locator('h3').textContent()).trim(), name, 'a row that was looked up is shown as it is now');
  report.check((await row.locator('.reason').textContent()).includes('was found'), 'with its reason');
  report.check(await row.evaluate((li) => li.contains(document.activeElement)), 'and keeps the focus');
  report.check((await tab.locator('[id="00000000000000000"]').count()) === 0, 'a row that found its place goes');
}
