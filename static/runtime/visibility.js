// @ts-nocheck
/**
 * Know whether the page is seen: behind another page of the same window it has no width, and neither paints nor says
 * that it did, so that Python pauses. Seen again, it takes the keys and draws itself anew.
 */
export function watchVisibility(store, seen) {
  const observer = new ResizeObserver(() => {
    const was = store.hidden;
    store.hidden = store.root.clientWidth === 0;
    if (was && !store.hidden) seen();
  });
  observer.observe(store.root);
  return () => observer.disconnect();
}
