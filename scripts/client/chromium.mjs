// Headless Chromium that asks nobody and plays without a click. CHROMIUM names the browser, /usr/bin/chromium by default.
import { chromium } from 'playwright-core';

// profile: an empty folder for its own files.
export function openChromium(profile) {
  return chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox', // root, as in a container, has no other way
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
    ],
  });
}
