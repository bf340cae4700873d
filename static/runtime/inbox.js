/** @import {Bytes, Delivery, FrameBase, Host, InboxPage, Message} from "./types.js" */
/** @import {Notice, Owners, Receiver, SceneBase} from "./types.js" */

/**
 * Takes Python's messages, keeps the newest frame, paints it once per display refresh and says so.
 *
 * Scenes, frames and notices are the same for all pages; other messages are a page's own, by their type.
 *
 * @template {SceneBase} Scene
 * @template {object} Values
 * @template {FrameBase} Frame
 * @param {Host<unknown>} host
 * @param {Owners<Scene, Values, Frame>} owners
 * @param {InboxPage<Scene, Frame>} page
 */
export function createInbox(host, {settings, shown}, page) {
  const easel = createEasel(host, shown, page);

  /** @type {{[type: string]: Receiver}} */
  const receivers = {
    scene(content) {
      const scene = page.sceneOf?.(content) ?? /** @type {Scene} */ (content.scene);
      const isNew = scene.generation !== shown.part.generation;
      shown.adopt(scene);
      settings.adopt(/** @type {Values} */ (scene.settings), scene.heard);
      if (isNew) {
        easel.clear();
        page.renew();
      }
      page.refresh();
      // A frame of what was before will never be painted, but Python waits to hear of it.
      easel.request();
    },
    /** @param {Message & {buf: Bytes}} content */
    frame({buf}) {
      const frame = page.decode(buf, easel.incoming);
      if (frame.generation !== shown.part.generation) easel.acknowledge(frame.seq);
      else easel.take(frame);
    },
    /** @param {Message & Notice} content */
    notice({level, text}) {
      page.notify(text, level);
      if (level !== "error") return;
      settings.retreat();
      page.refresh();
    },
    ...page.others,
  };

  return {
    request: easel.request,
    /** Paint at once, for changes that would otherwise show an empty canvas for a moment. */
    flush: easel.run,
    /** @param {Delivery} message */
    receive(message) {
      const content = /** @type {Message} */ (message.data ?? message);
      receivers[content.type]?.(content);
    },
    stop: easel.stop,
  };
}

/**
 * The newest frame, painted at the next refresh of the screen and then acknowledged.
 *
 * @template {SceneBase} Scene
 * @template {FrameBase} Frame
 * @param {Host<unknown>} host
 * @param {Owners<Scene, unknown, Frame>["shown"]} shown
 * @param {InboxPage<Scene, Frame>} page
 */
function createEasel(host, shown, page) {
  let due = 0;
  /** @type {Frame | null} */
  let incoming = null;
  /** @type {number | null} */
  let unpainted = null;

  /** @param {number} seq */
  const acknowledge = (seq) => host.send({type: "ack", seq});

  function run() {
    due = 0;
    // Before Panel attaches the page, once it has replaced it, or behind another page, there is nothing to paint on.
    if (!page.canPaint()) return;
    try {
      if (incoming && (page.isComplete?.(incoming) ?? true)) {
        shown.show(incoming);
        page.paint(incoming);
      }
    } finally {
      // Whatever goes wrong with a picture must not stop the loop.
      if (unpainted !== null) acknowledge(unpainted);
      unpainted = null;
    }
  }

  function request() {
    due ||= requestAnimationFrame(run);
  }

  return {
    acknowledge, run, request,
    get incoming() { return incoming; },
    /** @param {Frame} frame */
    take(frame) {
      incoming = frame;
      unpainted = frame.seq;
      request();
    },
    clear() { incoming = null; },
    stop: () => cancelAnimationFrame(due),
  };
}
