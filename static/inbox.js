import {decodeFrame, decodePoints, isComplete} from "./frame.js";

/** Takes Python's messages, keeps the newest frame, paints it once per display refresh and says so. */
export function createInbox(store, {renew, refresh, paint, notify, checked}) {
  let due = 0;
  let incoming = null;
  let unpainted = null;

  const acknowledge = (seq) => store.send({type: "ack", seq});

  function run() {
    due = 0;
    // Before Panel attaches the page, or once it has replaced it, there is nothing to paint on.
    if (!store.colors || !store.root.isConnected) return;
    if (incoming && isComplete(incoming, store.scene)) {
      store.frame = incoming;
      paint(incoming);
    }
    if (unpainted !== null) acknowledge(unpainted);
    unpainted = null;
  }

  function request() {
    due ||= requestAnimationFrame(run);
  }

  const receivers = {
    scene({scene, points}) {
      const isNew = scene.generation !== store.scene?.generation;
      store.adopt({...scene, points: decodePoints(points, scene)});
      if (isNew) {
        store.frame = incoming = null;
        renew();
      }
      refresh();
      // A frame of the network before will never be painted, but Python waits to hear of it.
      request();
    },
    frame({buf}) {
      const frame = decodeFrame(buf, incoming);
      if (frame.generation !== store.scene?.generation) return acknowledge(frame.seq);
      incoming = frame;
      unpainted = frame.seq;
      request();
    },
    checked: ({groups}) => checked(groups),
    notice({level, text}) {
      notify(text, level);
      if (level !== "error") return;
      store.retreat();
      refresh();
    },
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
