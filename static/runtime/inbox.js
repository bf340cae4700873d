// @ts-nocheck
/**
 * Takes Python's messages, keeps the newest frame, paints it once per display refresh and says so.
 *
 * A page says how a frame is read (decode, with the frame before), whether it can be painted yet (isComplete), and what
 * a scene is (sceneOf); it is told when there is another one (renew, refresh), a frame to paint, or words (notify).
 * Other messages are its own, by their type.
 */
export function createInbox(store, {decode, isComplete, sceneOf, renew, refresh, paint, notify, others}) {
  let due = 0;
  let incoming = null;
  let unpainted = null;

  const acknowledge = (seq) => store.send({type: "ack", seq});

  function run() {
    due = 0;
    // Before Panel attaches the page, once it has replaced it, or behind another page, there is nothing to paint on.
    if (!store.colors || !store.root.isConnected || store.hidden) return;
    try {
      if (incoming && isComplete(incoming)) {
        store.frame = incoming;
        paint(incoming);
      }
    } finally {
      // Whatever goes wrong with a picture must not stop the clock.
      if (unpainted !== null) acknowledge(unpainted);
      unpainted = null;
    }
  }

  function request() {
    due ||= requestAnimationFrame(run);
  }

  const receivers = {
    scene(content) {
      const isNew = content.scene.generation !== store.scene?.generation;
      store.adopt(sceneOf(content));
      if (isNew) {
        store.frame = incoming = null;
        renew();
      }
      refresh();
      // A frame of what was before will never be painted, but Python waits to hear of it.
      request();
    },
    frame({buf}) {
      const frame = decode(buf, incoming);
      if (frame.generation !== store.scene?.generation) return acknowledge(frame.seq);
      incoming = frame;
      unpainted = frame.seq;
      request();
    },
    notice({level, text}) {
      notify(text, level);
      if (level !== "error") return;
      store.retreat();
      refresh();
    },
    ...others,
  };

  return {
    request,
    /** Paint at once, for changes that would otherwise show an empty canvas for a moment. */
    flush: run,
    receive(message) {
      const content = message.data ?? message;
      receivers[content.type]?.(content);
    },
    stop: () => cancelAnimationFrame(due),
  };
}
