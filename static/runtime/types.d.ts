/** Types that modules share. Nothing of this reaches a browser; modules take it by `@import` in a comment. */

import type * as wire from "./wire.js";
import type {Notice, PageLink} from "./wire.js";

export type {Entry, Invitation, Notice, NumberField, PageLink, TunableEntry} from "./wire.js";

/** What every page may ask for; a page's own commands are in its wire.js. */
export type BasicCommand = wire.Command;

/** A message, in either direction. */
export type Message = {type: string; [field: string]: unknown};

/** Binary content as Panel hands it over: which of the two depends on the transport. */
export type Bytes = ArrayBuffer | ArrayBufferView<ArrayBuffer>;

/** A packed message taken apart. */
export interface Unpacked<Sections> {
  generation: number;
  seq: number;
  sections: Partial<Sections>;
}

/** What Panel gives a component's script. */
export interface Model<Catalog> {
  readonly catalog: Catalog;
  readonly full_page: boolean;
  readonly nav: PageLink[];
  /** Its own name among them, as in the window's address; nothing in a notebook. */
  readonly page: string;
  readonly document?: BokehDocument | null;
  get_child(name: string): HTMLElement | HTMLElement[] | null | undefined;
  send_msg(message: Message): void;
  on(event: "msg:custom", listener: (message: Delivery) => void): void;
  on(event: "lifecycle:remove", listener: () => void): void;
}

/** Panel wraps a message in an event, or does not. */
export type Delivery = Message | {data: Message; type?: string};

/** What is used of Bokeh's document. */
export interface BokehDocument {
  on_event?(name: string, listener: () => void): void;
}

/** What surrounds a page and never changes. */
export interface Host<Catalog, Command = BasicCommand> {
  readonly root: HTMLElement;
  /** As in the window's address. */
  readonly page: string;
  /** Whether it is the whole page and not a cell in a notebook. */
  readonly fullPage: boolean;
  /** Whether a person wants nothing to move by itself. */
  readonly calm: MediaQueryList;
  /** All that can be chosen in the script's own controls. */
  readonly catalog: Catalog;
  send(command: Command): void;
}

/** What is chosen. */
export interface Settings<Values> {
  readonly now: Values;
  /** Change settings. They count from now on, so that quick presses add up. */
  set(values: Partial<Values>): void;
  /** Take over what Python learns in another way, until it says otherwise. */
  assume(values: Partial<Values>): void;
}

/** What is on the screen. */
export interface Shown<Scene, Frame> {
  /** What frames are drawn into. Asking before the first one has come is a mistake of the asking part. */
  readonly scene: Scene;
  /** The scene's number, or undefined before the first. */
  readonly generation: number | undefined;
  /** The newest frame, painted or just being painted. */
  readonly frame: Frame | null;
}

export type ThemeName = "light" | "dark";
export type Colors = ReturnType<typeof import("./colors.js").createColors>;

/** The colours of everything. */
export interface Look {
  readonly theme: ThemeName;
  readonly colors: Colors;
}

/** What the parts of a page share; each member is written by one module only. */
export interface Store<Scene = SceneBase, Values = unknown, Frame = FrameBase, Catalog = unknown, Command = Message> {
  readonly host: Host<Catalog, Command>;
  readonly settings: Settings<Values>;
  readonly shown: Shown<Scene, Frame>;
  readonly look: Look;
  /** Say something about this very scene; Python drops it when there is another one by then. */
  tell(command: Command): void;
  /** Draw everything anew: another size, other settings, another theme. */
  refresh(): void;
  /** Paint the newest frame once more at the next refresh of the screen. */
  repaint(): void;
}

/** What every page's scene says. */
export interface SceneBase extends wire.SceneBase {
  settings: object;
}

/** What every page's frame says. */
export interface FrameBase {
  generation: number;
  seq: number;
  text: string;
  scalars: {status: Status; speed: number};
}

export type Status = typeof wire.STATUS[number];

/** What a page consists of. Each is told what happens as far as it wants to know. */
export type Part<Scene = SceneBase, Frame = FrameBase> = {
  /** There is another scene. */
  renew?(scene: Scene): void;
  /** There may be another size, other settings or another theme. */
  update?(): void;
  /** Draw a frame. */
  paint?(frame: Frame): void;
  /** Say a frame's numbers, not more often than they can be read. */
  read?(frame: Frame): void;
  [other: string]: unknown;
};

/** How a page takes what Python sends. */
export interface Frames<Scene, Frame> {
  /** Read a frame. `previous` is the one before, of which it may keep what has not changed. */
  decode(data: Bytes, previous: Frame | null): Frame;
  /** Whether a frame has all that it takes to paint it. */
  isComplete?(frame: Frame): boolean;
  /** Read a scene from its message. */
  sceneOf?(message: Message): Scene;
  /** There is another scene; parts hear of it afterwards. */
  renew?(): void;
  /** A frame is about to be painted. */
  before?(frame: Frame): void;
  /** A frame was painted. */
  paint(frame: Frame): void;
  /** Other messages, by their type. */
  others?: {[type: string]: Receiver};
}

/** What an inbox must know of its page. */
export interface InboxPage<Scene, Frame> extends Frames<Scene, Frame> {
  /** Whether there is something to paint on. */
  canPaint(): boolean;
  /** Tell the parts about another scene. */
  renew(): void;
  /** Tell the parts about other settings. */
  refresh(): void;
  /** Show words of Python. */
  notify: Notify;
}

/** What keys do on every page, and may do on some. */
export type Actions = {
  toggle(): void;
  step(): void;
  reset(): void;
  back?(): void;
  release?(): void;
};

/** What a page tells its shell. */
export interface Page<Scene, Frame> {
  /** All that is to hear what happens, in this order; the transport's keys are the page's. */
  parts: {[name: string]: Part<Scene, Frame>} & {transport: Actions & Part<Scene, Frame>};
  frames: Frames<Scene, Frame>;
  /** How a scene wants its values coloured. */
  coloringOf?(scene: Scene): Coloring;
  keys?: Partial<Actions>;
  /** Elements whose size matters. */
  observed?: Element[];
}

/** The colours of classes, how many degrees of certainty they have, and whether values show their sign or class only. */
export type Coloring = {palette: string[]; certainties: number; discretize: boolean};

/** A page's frame: root, store, and the parts that every page has. */
export interface Shell<Scene, Values, Frame, Catalog, Command = Message> {
  readonly root: HTMLElement;
  readonly store: Store<Scene, Values, Frame, Catalog, Command>;
  /** Aborted when Panel takes the page away. */
  readonly signal: AbortSignal;
  readonly parts: SharedParts;
  /** Panel's widgets in a slot. */
  children(slot: string): HTMLElement[];
  /** Connect everything and greet Python. */
  run(page: Page<Scene, Frame>): void;
}

/** The parts that every page has. */
export interface SharedParts {
  theme: ReturnType<typeof import("./theme.js").createTheme>;
  banner: Banner;
  nav: ReturnType<typeof import("./nav.js").createNav>;
  speed: ReturnType<typeof import("./speed.js").createSpeed>;
}

export type Banner = ReturnType<typeof import("./banner.js").createBanner>;
export type Level = Notice["level"];
export type Notify = (text: string, level: Level) => void;

/** A store, and what may change its parts: for the shell alone. */
export interface Made<Scene, Values, Frame, Catalog, Command> {
  readonly store: Store<Scene, Values, Frame, Catalog, Command>;
  readonly owners: Owners<Scene, Values, Frame>;
}

export interface Owners<Scene, Values, Frame> {
  settings: ReturnType<typeof import("./settings.js").createSettings<Values>>;
  shown: ReturnType<typeof import("./shown.js").createShown<Scene, Frame>>;
  look: ReturnType<typeof import("./look.js").createLook>;
}

/** Takes one kind of message. As a method, so that each may say which fields its message has. */
export type Receiver = {receive(message: Message): void}["receive"];

/** A point of the window. */
export type Point = {clientX: number; clientY: number};

/** A line that matters and one that explains. */
export type TipLines = [string, string];

/** The card beside the cursor. */
export type Tips = ReturnType<typeof import("./tips.js").createTips>;

/** The value of an attribute: true is an empty one, false, null and undefined are none. */
export type Attribute = string | number | boolean | null | undefined;

type AttributeName =
  | "autocomplete" | "class" | "height" | "hidden" | "max" | "method" | "min" | "novalidate" | "role" | "scope"
  | "spellcheck" | "step" | "style" | "tabindex" | "title" | "type" | "value" | "width";

/** Attributes and listeners of an element. */
export type Properties =
  & {[name in AttributeName]?: Attribute}
  & {[name: `${"aria" | "data"}-${string}`]: Attribute}
  & {[name in keyof HTMLElementEventMap as `on${name}`]?: (event: HTMLElementEventMap[name]) => void};
