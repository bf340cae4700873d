/**
 * Read a value; `null` where storage is empty or forbidden (private windows, sandboxed frames).
 *
 * @param {() => Storage} storage
 * @param {string} key
 */
export function recall(storage, key) {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

/**
 * Keep a value, or drop it when it is null; silently does nothing where storage is forbidden.
 *
 * @param {() => Storage} storage
 * @param {string} key
 * @param {string | null} value
 */
export function remember(storage, key, value) {
  try {
    if (value === null) storage().removeItem(key);
    else storage().setItem(key, value);
  } catch {
    // The choice then lasts as long as the page.
  }
}
