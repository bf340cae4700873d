// @ts-nocheck
import {recall, remember} from "./storage.js";

const KEY = "playground-restore";
const POLL = 1000;

/** The settings saved before a lost connection made the page reload, or null; they are handed out once. */
export function takeRestored(page) {
  const saved = recall(() => sessionStorage, `${KEY}-${page}`);
  remember(() => sessionStorage, `${KEY}-${page}`, null);
  try {
    return JSON.parse(saved);
  } catch {
    return null;
  }
}

/** Say when the server is gone and come back with the same settings when it answers again. */
export function watchConnection(store, bokehDocument, banner, signal, greet) {
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
    banner.show("connection", store.fullPage ? "The server is gone. Reconnecting\u2026" : "The kernel is gone.");
    if (!store.fullPage) return;
    remember(() => sessionStorage, `${KEY}-${store.page}`, JSON.stringify(store.settings));
    timer = setTimeout(poll, POLL);
  }

  function back() {
    clearTimeout(timer);
    timer = 0;
    remember(() => sessionStorage, `${KEY}-${store.page}`, null);
    banner.show("connection", "");
    greet();
  }

  bokehDocument?.on_event?.("connection_lost", lost);
  bokehDocument?.on_event?.("client_reconnected", back);
}
