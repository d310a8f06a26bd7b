// Copy buttons, actions that leave the page where it is, and parts of pages that show what happens now. Everything works
// without it, too.
"use strict";

/** The address that shows this page as it is now: an action may have told more than the one in the address bar. */
let here = location.pathname + location.search;

const fetchPage = async (address, options) => {
  const answer = await fetch(address, options);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { answer, page };
};

const showCopyButtons = () => {
  // Browsers offer the clipboard to https pages and this machine's own only.
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
};
showCopyButtons();

document.addEventListener("focusin", (event) => {
  if (event.target.matches?.("input[readonly]")) event.target.select();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
  const label = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = label; }, 1500);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-inline]")) return;
  event.preventDefault();
  const button = event.submitter;
  if (button) button.disabled = true;
  try {
    const { answer, page } = await fetchPage(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const main = page.querySelector("main");
    if (!answer.ok || !main) throw new Error(answer.statusText);
    const { pathname, search } = new URL(answer.url);
    here = pathname + search;
    document.querySelector("main").replaceWith(main);
    showCopyButtons();
    document.getElementById("done")?.focus({ preventScroll: true });
  } catch {
    // As the browser does it: whatever is wrong gets a page of its own.
    form.submit();
  }
});

/** Puts what the server says now in the place of each of these parts. */
const renew = async (parts) => {
  if (document.hidden || parts.length === 0) return;
  try {
    const { answer, page } = await fetchPage(here);
    if (!answer.ok) return;
    for (const part of parts) {
      const fresh = page.getElementById(part.id);
      if (fresh?.outerHTML === part.outerHTML) continue;
      const hadFocus = part.contains(document.activeElement);
      // A row that is gone has found its place.
      if (fresh) part.replaceWith(fresh);
      else part.remove();
      if (!hadFocus) continue;
      const next = fresh ?? document.getElementById("done");
      next?.setAttribute("tabindex", "-1");
      next?.focus({ preventScroll: true });
    }
  } catch {
    // Away for a moment: the next round tells.
  }
};
setInterval(() => renew([...document.querySelectorAll("[data-live]")]), 4000);
setInterval(() => renew([...document.querySelectorAll("[data-tried]")]), 1000);
