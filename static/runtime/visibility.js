/**
 * Know whether the page is seen: behind another page of the same window it has no width, and neither paints nor says
 * that it did, so that Python pauses. Seen again, it takes the keys and draws itself anew.
 *
 * @param {HTMLElement} root
 * @param {() => void} seen
 */
export function watchVisibility(root, seen) {
  let hidden = false;
  const observer = new ResizeObserver(() => {
    const was = hidden;
    hidden = root.clientWidth === 0;
    if (was && !hidden) seen();
  });
  observer.observe(root);
  return {
    get hidden() { return hidden; },
    stop: () => observer.disconnect(),
  };
}
