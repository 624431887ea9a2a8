"""Faults of a page's layout: overflowing boxes, texts cut off, words broken, covered controls, sideways scrolling."""

from typing import cast

from playwright.sync_api import Page

MARGIN = 16
# All boxes except those that scroll, are cut off on purpose, or are for screen readers only.
FAULTS = """async (margin) => {
  // The page is told of another size as it is drawn.
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const faults = [];
  const width = document.documentElement.clientWidth;
  const name = (element) => {
    const label = Array.from((element.ariaLabel || element.textContent || '').trim()).slice(0, 24).join('');
    const title = element.className && typeof element.className === 'string' ? '.' + element.className : '';
    return `${element.tagName.toLowerCase()}${title} "${label}"`;
  };
  const isOwnScroller = (element) => element.closest('.visually-hidden, .flow-frame, .explorer, .skip, svg');
  const cuts = (element) => getComputedStyle(element).overflowX !== 'visible';
  // Names may have characters that no box holds, and the address gives way on purpose.
  const named = 'bdi, :has(> bdi), .mail h3, .mail-text';
  const mayBeCut = (element) => element.matches(`${named}, .initial, .email, input, select`);
  const top = document.querySelector('dialog[open]') ?? document.body;
  const shown = [...top.querySelectorAll('*')].filter(
    (element) => element.checkVisibility({ visibilityProperty: true }) && !isOwnScroller(element));

  if (document.documentElement.scrollWidth > innerWidth) faults.push('the page has to be scrolled sideways');
  for (const element of shown) {
    const box = element.getBoundingClientRect();
    if (box.width < 1 && element.textContent.trim() !== '') faults.push(`${name(element)} has no room`);
    if (box.width === 0) continue;
    const isInside = element.closest('#main, .bar nav, dialog article') !== null;
    // Its parent cuts it.
    const isCut = element.matches('bdi') && cuts(element.parentElement);
    if (isInside && !isCut && (box.left < margin - 0.5 || box.right > width - margin + 0.5)) {
      faults.push(`${name(element)} is in the margin: ${box.left} to ${box.right}`);
    }
    if (element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1 && !mayBeCut(element)) {
      const what = cuts(element) ? 'is cut off' : 'overflows';
      faults.push(`${name(element)} ${what}: ${element.scrollWidth} in ${element.clientWidth}`);
    }
    const around = element.parentElement.getBoundingClientRect();
    const isOut = box.left < around.left - 1 || box.right > around.right + 1;
    if (isInside && around.width > 0 && isOut && getComputedStyle(element).position === 'static'
        && !cuts(element.parentElement) && !element.parentElement.closest(':has(> bdi)')) {
      faults.push(`${name(element)} is out of ${name(element.parentElement)}`);
    }
  }
  const ownWords = '.facts dt, .total > span, legend, .badge, .bar a, button, dialog h2';
  for (const own of shown.filter((element) => element.matches(ownWords))) {
    for (const text of [...own.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)) {
      for (const word of text.data.matchAll(/\\S+/g)) {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
        if (lines.size > 1) faults.push(`${name(own)} is broken within ${word[0]}`);
      }
    }
  }
  for (const control of shown.filter((element) => element.matches('a[href], button, input, select, summary'))) {
    const isTall = control.clientHeight > innerHeight / 2;
    control.scrollIntoView({ block: isTall ? 'center' : 'nearest' });
    const [box] = control.getClientRects(); // a link may have several lines
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!hit || !(control.contains(hit) || hit.closest('label')?.control === control)) {
      faults.push(`${name(control)} is covered by ${hit ? name(hit) : 'nothing'}`);
    }
    if (Math.min(box.width, box.height) < 24 && getComputedStyle(control).display !== 'inline'
        && !control.matches('.cards input')) {
      faults.push(`${name(control)} is too small to hit: ${box.width} by ${box.height}`);
    }
  }
  return faults;
}"""


def faults(page: Page, width: int, height: int = 800) -> list[str]:
    """Return the faults in a window of this size, one a line."""
    page.set_viewport_size({"width": width, "height": height})
    return [f"{width}: {fault}" for fault in cast("list[str]", page.evaluate(FAULTS, MARGIN))]
