/** @import {Banner, BokehDocument, Store} from "./types.js" */
import {recall, remember} from "./storage.js";

const KEY = "playground-restore";
const POLL = 1000;

/**
 * The settings saved before a lost connection made the page reload, or null; they are handed out once.
 *
 * @param {string} page
 * @returns {Record<string, unknown> | null}
 */
export function takeRestored(page) {
  const saved = recall(() => sessionStorage, `${KEY}-${page}`);
  remember(() => sessionStorage, `${KEY}-${page}`, null);
  try {
    return JSON.parse(saved ?? "null");
  } catch {
    return null;
  }
}

/**
 * Say when the server is gone and come back with the same settings when it answers again.
 *
 * @param {Pick<Store, "host" | "settings">} store
 * @param {BokehDocument | null | undefined} bokehDocument
 * @param {Banner} banner
 * @param {AbortSignal} signal
 * @param {() => void} greet
 */
export function watchConnection({host, settings}, bokehDocument, banner, signal, greet) {
  const key = `${KEY}-${host.page}`;
  let leaving = false;
  let timer = 0;
  window.addEventListener("pagehide", () => { leaving = true; }, {signal});
  window.addEventListener("beforeunload", () => { leaving = true; }, {signal});
  signal.addEventListener("abort", () => clearTimeout(timer));

  async function poll() {
    try {
      const answer = await fetch(location.href, {cache: "no-store"});
      if (answer.ok && timer) return location.reload();
    } catch {
      // Still gone: ask again.
    }
    if (timer) timer = setTimeout(poll, POLL);
  }

  function lost() {
    if (leaving || signal.aborted || timer) return;
    banner.show("connection", host.fullPage ? "The server is gone. Reconnecting\u2026" : "The kernel is gone.");
    if (!host.fullPage) return;
    remember(() => sessionStorage, key, JSON.stringify(settings.now));
    timer = setTimeout(poll, POLL);
  }

  function back() {
    clearTimeout(timer);
    timer = 0;
    remember(() => sessionStorage, key, null);
    banner.show("connection", "");
    greet();
  }

  bokehDocument?.on_event?.("connection_lost", lost);
  bokehDocument?.on_event?.("client_reconnected", back);
}
