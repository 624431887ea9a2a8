"""Controls whose edge or focus ring has too little contrast (WCAG 1.4.11: three to one)."""

from typing import cast

from playwright.sync_api import Page

LEAST = 3
# A control is seen by its border, or by its own colour if it has none, against its background.
WEAK = """(least) => {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgba = (color) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = ([red, green, blue, alpha], below) =>
    [red, green, blue].map((part, place) => part * alpha + below[place] * (1 - alpha));
  const behind = (element) => {
    if (!element) return rgba('Canvas').slice(0, 3);
    return over(rgba(getComputedStyle(element).backgroundColor), behind(element.parentElement));
  };
  const luminance = (color) => {
    const [red, green, blue] = color.map((part) =>
      part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ratio = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const name = (element) => `${element.tagName.toLowerCase()} "${
    (element.ariaLabel || element.labels?.[0]?.textContent || element.textContent || '').trim()}"`;
  const top = document.querySelector('dialog[open]') ?? document.body;
  const spared = ':disabled, [aria-disabled=true], .link, .close, .explorer *';
  const controls = [...top.querySelectorAll('button, input, select, summary, a.button, a.order-row')].filter(
    (control) => control.checkVisibility() && !control.matches(spared));
  const weak = [];
  const judge = (control, what, color, element) => {
    const around = behind(element);
    const found = ratio(over(rgba(color), around), around);
    if (!(found >= least)) weak.push(`${what} of ${name(control)} is at ${found.toFixed(2)}:1`);
  };
  for (const control of controls) {
    // A card that is chosen has its radio button all over it, unseen.
    const seen = getComputedStyle(control).opacity === '0' ? control.closest('label') : control;
    const style = getComputedStyle(seen);
    const hasBorder = parseFloat(style.borderTopWidth) > 0 && rgba(style.borderTopColor)[3] > 0;
    // A button that is only a word is seen by its word, whose contrast axe measures.
    if (hasBorder || !control.matches('button') || rgba(style.backgroundColor)[3] > 0) {
      judge(control, 'the edge', hasBorder ? style.borderTopColor : style.backgroundColor, seen.parentElement);
    }
    control.focus({ focusVisible: true, preventScroll: true });
    const focused = getComputedStyle(seen);
    if (parseFloat(focused.outlineWidth) < 2 || focused.outlineStyle === 'none') {
      weak.push(`${name(control)} has no focus ring`);
    } else {
      judge(control, 'the focus ring', focused.outlineColor, seen.parentElement);
    }
  }
  document.activeElement?.blur();
  return weak;
}"""


def weak_edges(page: Page) -> list[str]:
    """Return each control whose edge or focus ring is too weak, one a line. Removes the focus."""
    return cast("list[str]", page.evaluate(WEAK, LEAST))
