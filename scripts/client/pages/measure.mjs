// What is measured on a page. These run in the page, so each is whole by itself.

/** What is wider than the screen, than its card, or than itself. */
export function tooWide() {
  const wrong = [];
  const scroller = document.scrollingElement;
  if (scroller.scrollWidth > scroller.clientWidth) {
    wrong.push(`the page scrolls sideways: ${scroller.scrollWidth} > ${scroller.clientWidth}`);
  }
  const say = (element) => `${element.tagName.toLowerCase()}.${element.className?.baseVal ?? element.className}`;
  const isCut = (element, top) => {
    for (let at = element; at && at !== top; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.overflowX !== 'visible' || style.clipPath !== 'none') return true;
    }
    return false;
  };
  for (const element of document.body.querySelectorAll('*')) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || isCut(element, document.body)) continue;
    if (box.right > scroller.clientWidth + 1 || box.left < -1) wrong.push(`${say(element)} leaves the screen: ${box.left} to ${box.right}`);
    if (getComputedStyle(element).display !== 'inline' && element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1) {
      wrong.push(`what is in ${say(element)} is wider than it: ${element.scrollWidth} > ${element.clientWidth}`);
    }
  }
  for (const card of document.querySelectorAll('.card, .posters li, .tiles li, .title > div')) {
    const outer = card.getBoundingClientRect();
    for (const element of card.querySelectorAll('*')) {
      const box = element.getBoundingClientRect();
      if (box.width === 0 || isCut(element, card)) continue;
      if (box.right > outer.right + 1 || box.left < outer.left - 1) wrong.push(`${say(element)} is wider than its card: ${box.left} to ${box.right} in ${outer.left} to ${outer.right}`);
    }
  }
  return wrong.slice(0, 5);
}

/** Puts a text wherever one from outside stands. */
export function putEverywhere(text) {
  for (const element of document.querySelectorAll('bdi, [dir=auto]:not(input), .about, .reason, .lead, h1, .place')) {
    if (!element.closest('.backdrop')) element.textContent = text;
  }
}

/** Controls that nobody can name, or that a thumb does not hit. `least`: of buttons, fields and navigation, in px. */
export function wrongControls(least) {
  const wrong = [];
  for (const control of document.querySelectorAll('a[href], button, input:not([type=hidden])')) {
    const box = control.getBoundingClientRect();
    const style = getComputedStyle(control);
    if (box.width === 0 || style.visibility === 'hidden' || style.clipPath !== 'none') continue;
    const labels = [...(control.labels ?? [])].map((label) => label.textContent).join('');
    const name = control.getAttribute('aria-label') ?? (labels || control.textContent);
    if (!name.trim()) wrong.push(`${control.outerHTML.slice(0, 120)} has no name`);
    // A link inside a sentence is as high as its line.
    const isInText = style.display === 'inline';
    const isMain = control.matches('button, input, nav a, .button, .brand, .more');
    const wanted = isInText ? 0 : isMain ? least : 24;
    if (isMain && !control.matches('input, .brand')) {
      const words = document.createRange();
      words.selectNodeContents(control);
      const boxes = [...words.getClientRects()].filter(({ width }) => width > 1);
      const isBroken = boxes.some(({ top }) => top > boxes[0].bottom - 2);
      if (isBroken) wrong.push(`${control.outerHTML.slice(0, 120)} is broken over lines`);
    }
    if (box.height < wanted || (isMain && box.width < wanted)) {
      wrong.push(`${control.outerHTML.slice(0, 120)} is ${Math.round(box.width)}x${Math.round(box.height)} px`);
    }
  }
  return wrong.slice(0, 5);
}

/** Whether the focused element can be seen, and seen to be focused. `null` when it is. */
export function wrongFocus() {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return null;
  const style = getComputedStyle(focused);
  const box = focused.getBoundingClientRect();
  const say = focused.outerHTML.slice(0, 120);
  if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) return `${say} has no outline`;
  if (box.bottom <= 0 || box.top >= innerHeight) return `${say} is focused outside of the screen`;
  const at = document.elementFromPoint(Math.min(innerWidth - 1, Math.max(0, box.left + box.width / 2)), Math.min(innerHeight - 1, Math.max(0, box.top + Math.min(box.height / 2, innerHeight / 2))));
  if (!focused.contains(at) && !at?.contains(focused)) return `${say} is behind ${at?.outerHTML.slice(0, 80)}`;
  return null;
}

/** Names written right to left, with a Latin one in brackets behind, that are not read so: the Latin one stands left then. */
export function scrambled() {
  const wrong = [];
  const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const found = text.data.match(/([\u0590-\u06ff]+)(.*\[)[A-Za-z]+\]/);
    if (!found || text.parentElement.closest('.sr')) continue;
    const box = (start, end) => {
      const range = document.createRange();
      range.setStart(text, start);
      range.setEnd(text, end);
      return range.getBoundingClientRect();
    };
    const [, first, between] = found;
    const latinAt = found.index + first.length + between.length;
    const [word, latin] = [box(found.index, found.index + first.length), box(latinAt, latinAt + 1)];
    const isOneLine = Math.abs(word.top - latin.top) < 2;
    if (isOneLine && latin.width > 0 && latin.right > word.left + 1) wrong.push(text.data.slice(0, 120));
  }
  return wrong;
}
