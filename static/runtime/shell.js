// @ts-nocheck
import {createBanner} from "./banner.js";
import {takeRestored, watchConnection} from "./connection.js";
import {element, throttle} from "./dom.js";
import {createInbox} from "./inbox.js";
import {listenToKeys} from "./keys.js";
import {createNav} from "./nav.js";
import {createSpeed} from "./speed.js";
import {createStore} from "./store.js";
import {createTheme} from "./theme.js";
import {watchVisibility} from "./visibility.js";

const READ_INTERVAL = 70; // ms between changes of the numbers people read

/**
 * What every page is: a root element, the way to Python, and parts that are told what happens. Every part may have
 * renew (another scene), update (another look), paint (a frame) and read (numbers).
 *
 * A page makes its shell, then its parts and its layout, and then lets it run.
 */
export function createShell(model, path, className = "") {
  const root = element("div", {class: `playground ${className}`.trim(), "data-step": 0, "data-status": "paused"});
  if (model.full_page) root.classList.add("full-page");
  const life = new AbortController();
  const store = createStore(model, root, path);
  return {
    root, store, signal: life.signal,
    /** Panel's widgets in a slot: one child, or a list of them. */
    children: (slot) => [model.get_child(slot)].flat().filter(Boolean),
    parts: {
      theme: createTheme(store), banner: createBanner(store), nav: createNav(store, model.nav, path), speed: createSpeed(),
    },
    run: (page) => run(model, store, life, page),
  };
}

/**
 * Connect the messages, the keys, the size of the page and the theme to the parts, and greet Python.
 *
 * page: parts; frames (see createInbox: decode, isComplete, sceneOf, renew, paint, others); refresh, which makes the
 * colours; keys, beside those of the transport; observed, the elements whose size matters.
 */
function run(model, store, life, {parts, frames, refresh, keys = {}, observed = []}) {
  const tell = (event, value) => Object.values(parts).forEach((part) => part[event]?.(value));
  const read = throttle(() => store.frame && tell("read", store.frame), READ_INTERVAL);

  store.refresh = () => {
    if (!store.scene || !store.root.isConnected || store.hidden) return;
    parts.theme.adopt(store.settings);
    refresh();
    tell("update");
    inbox.flush();
  };

  const inbox = createInbox(store, {
    isComplete: () => true,
    sceneOf: ({scene}) => scene,
    others: {},
    ...frames,
    renew() {
      frames.renew?.();
      tell("renew", store.scene);
    },
    paint(frame) {
      frames.before?.(frame);
      tell("paint", frame);
      frames.paint(frame);
      read();
    },
    refresh: store.refresh,
    notify: (text, level) => parts.banner.show("notice", text, level),
  });
  store.repaint = inbox.request;
  connect(model, store, life, {parts, inbox, keys, observed});
}

/** Listen to all that may come from outside, until Panel takes the page away. */
function connect(model, store, life, {parts, inbox, keys, observed}) {
  const greet = (restore = null) => store.send({type: "ready", dark: store.theme === "dark", restore});
  const observer = new ResizeObserver(store.refresh);
  for (const part of observed) observer.observe(part);
  const claim = listenToKeys(store.root, {...parts.transport, ...keys}, life.signal);
  const unwatch = watchVisibility(store, () => {
    claim();
    parts.theme.recall();
    store.refresh();
  });
  watchConnection(store, model.document, parts.banner, life.signal, greet);
  model.on("msg:custom", inbox.receive);
  model.on("lifecycle:remove", () => {
    life.abort();
    observer.disconnect();
    unwatch();
    inbox.stop();
  });
  greet(takeRestored(store.page));
}
