// Takes a picture of the library on the owner's page: node scripts/client/screenshot.mjs OWNER_LINK FILE.png
import { chromium } from 'playwright-core';

const [ownerLink, file] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 640 } });
  await page.goto(ownerLink);
  await page.click('button');
  await page.waitForURL('**/owner');
  await page.evaluate(() => document.querySelector('#library').scrollIntoView());
  // Posters load as they come into view.
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: file });
} finally {
  await browser.close();
}
