// @ts-nocheck
/** Create an element; properties named on… are listeners, all others attributes (false and null are left out). */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

/** Write text only when it differs: an equal write would still cost a layout. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Write an attribute only when it differs. */
export function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

/** Give a canvas one backing pixel per device pixel; returns its context scaled to CSS pixels. */
export function fitCanvas(canvas, width, height, options) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  const context = canvas.getContext("2d", options);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** Limit `action` to one run per `interval` ms; a call that came too early runs when the interval is over. */
export function throttle(action, interval) {
  let last = -Infinity;
  let timer = 0;
  const run = () => {
    timer = 0;
    last = performance.now();
    action();
  };
  return () => {
    if (timer) return;
    const wait = last + interval - performance.now();
    if (wait > 0) timer = setTimeout(run, wait);
    else run();
  };
}

/** The value, or the nearer of the two limits. */
export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
