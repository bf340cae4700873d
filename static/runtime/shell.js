/** @import {BasicCommand, FrameBase, Made, Message, Model, Notify} from "./types.js" */
/** @import {Page, Part, SceneBase, SharedParts, Shell, Store} from "./types.js" */
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
const PLAIN = {palette: [], certainties: 2, discretize: false};

/**
 * What every page is: a root element, the way to Python, and parts that are told what happens.
 *
 * A page makes its shell, then its parts and its layout, and then lets it run.
 *
 * @template {SceneBase} Scene
 * @template {object} Values
 * @template {FrameBase} Frame
 * @template Catalog
 * @template {Message} Command
 * @param {Model<Catalog>} model
 * @param {string} [className]
 * @returns {Shell<Scene, Values, Frame, Catalog, Command>}
 */
export function createShell(model, className = "") {
  const root = element("div", {class: `playground ${className}`.trim(), "data-step": 0, "data-status": "paused"});
  if (model.full_page) root.classList.add("full-page");
  const life = new AbortController();
  /** @type {{refresh(): void, repaint(): void} | null} */
  let running = null;
  /** @type {Made<Scene, Values, Frame, Catalog, Command>} */
  const made = createStore(model, root, {
    refresh: () => running?.refresh(),
    repaint: () => running?.repaint(),
  });
  const parts = {
    theme: createTheme(made.store, made.owners.look.show),
    banner: createBanner(made.store),
    nav: createNav(made.store, model.nav),
    speed: createSpeed(),
  };
  return {
    root, parts,
    store: made.store,
    signal: life.signal,
    children: (slot) => [model.get_child(slot)].flat().filter((child) => child !== null && child !== undefined),
    run(page) {
      // A page's commands are the basic ones and its own.
      const basic = /** @type {Made<Scene, Values, Frame, unknown, BasicCommand>} */ (/** @type {unknown} */ (made));
      running = run(model, basic, life, parts, page);
    },
  };
}

/**
 * Connect Python's messages, the keys, the size of the page and the theme to the parts, and greet Python.
 *
 * @template {SceneBase} Scene
 * @template {object} Values
 * @template {FrameBase} Frame
 * @param {Model<unknown>} model
 * @param {Made<Scene, Values, Frame, unknown, BasicCommand>} made
 * @param {AbortController} life
 * @param {SharedParts} shared
 * @param {Page<Scene, Frame>} page
 */
function run(model, {store, owners}, life, shared, page) {
  const {host, look, settings, shown} = store;
  const parts = Object.values(page.parts);
  const visibility = watchVisibility(host.root, seen);
  const inbox = createInbox(host, owners, {...framesOf(page, store, parts), canPaint, refresh, notify});
  const claim = listenToKeys(host.root, {...page.parts.transport, ...page.keys}, life.signal);
  let arranged = false; // whether the parts know their size and their colours

  function canPaint() {
    return arranged && host.root.isConnected && !visibility.hidden;
  }

  function refresh() {
    if (shown.generation === undefined || !host.root.isConnected || visibility.hidden) return;
    shared.theme.adopt(settings.now);
    owners.look.color(page.coloringOf?.(shown.scene) ?? PLAIN);
    parts.forEach((part) => part.update?.());
    arranged = true;
    inbox.flush();
  }

  function seen() {
    claim();
    shared.theme.recall();
    refresh();
  }

  /** @type {Notify} */
  function notify(text, level) {
    shared.banner.show("notice", text, level);
  }

  /** @param {Record<string, unknown> | null} restore */
  function greet(restore) {
    host.send({type: "ready", dark: look.theme === "dark", restore});
  }

  const observer = new ResizeObserver(refresh);
  page.observed?.forEach((element) => observer.observe(element));
  watchConnection(store, model.document, shared.banner, life.signal, () => greet(null));
  model.on("msg:custom", inbox.receive);
  model.on("lifecycle:remove", () => {
    life.abort();
    observer.disconnect();
    visibility.stop();
    inbox.stop();
  });
  greet(takeRestored(host.page));
  return {refresh, repaint: inbox.request};
}

/**
 * What a page does with its frames, and that its parts hear of it.
 *
 * @template {SceneBase} Scene
 * @template {object} Values
 * @template {FrameBase} Frame
 * @param {Page<Scene, Frame>} page
 * @param {Store<Scene, Values, Frame, unknown, BasicCommand>} store
 * @param {Part<Scene, Frame>[]} parts
 */
function framesOf({frames}, {shown}, parts) {
  const read = throttle(() => {
    const {frame} = shown;
    if (frame) parts.forEach((part) => part.read?.(frame));
  }, READ_INTERVAL);
  return {
    ...frames,
    renew() {
      frames.renew?.();
      parts.forEach((part) => part.renew?.(shown.scene));
    },
    /** @param {Frame} frame */
    paint(frame) {
      frames.before?.(frame);
      parts.forEach((part) => part.paint?.(frame));
      frames.paint(frame);
      read();
    },
  };
}
