/** Types that the modules of the race share. Nothing of this reaches a browser. */

import type {Entry, FrameBase, Status, Store} from "../runtime/types.js";
import type * as wire from "./wire.js";
import type {Card, CardLine, Command, RacerSettings, Settings, SurfaceEntry} from "./wire.js";

export type {
  Card, CardLine, RacerSettings, RuleEntry, SceneRacer, Settings as RaceSettings, SurfaceEntry, SweepOutcome,
} from "./wire.js";

/** x and y, or how far along both. */
export type Pair = [x: number, y: number];

/** Limits along x and along y. */
export type Box = [x: Pair, y: Pair];

/** A place on the map in px. */
export type Point = {x: number; y: number};

/** Where the pointer is on the map, in px. */
export type Offset = {offsetX: number; offsetY: number};

interface AnyRace extends Omit<wire.Scene, "surface"> {
  settings: Settings;
  /** Heights of the surface that was shown last, the top row first; 0 where they are not finite. */
  map: Uint8Array;
}

export interface SurfaceScene extends AnyRace {
  surface: SurfaceEntry;
}

/** Networks are raced on without a map. */
export interface NetworkScene extends AnyRace {
  surface: null;
}

export type RaceScene = SurfaceScene | NetworkScene;

export type Params = RacerSettings["hyperparameters"];

/** The names of settings that are on or off. */
type Switch = {[Name in keyof Settings]: Settings[Name] extends boolean ? Name : never}[keyof Settings];

/** Each of the switches sets the setting of its name. */
export type RaceCatalog = Omit<wire.Catalog, "overlays"> & {overlays: (Entry & {name: Switch})[]};

/** One number, or the parts of a vector or of the matrix of a local model: xx, xy, yy; null where a rule has none. */
type Known<Count extends number> = Count extends 1 ? number : Count extends 2 ? Pair | null
  : [xx: number, xy: number, yy: number] | null;

/** What is known of a racer at one step. */
export type Head = {step: number} & {-readonly [Name in keyof typeof wire.HEAD]: Known<typeof wire.HEAD[Name]>};

export interface RaceFrame extends FrameBase {
  scalars: Omit<wire.Scalars, "status"> & {status: Status};
  heads: Head[];
  card: Card | null;
  /** How each racer ended; "" while it goes on. */
  fates: string[];
}

/** A vector of the update that is written out, to be seen on the map. */
export type Highlight = {racer: number; vector: Pair; role: CardLine["role"]};

/** What every part may read and ask for. */
export type RaceStore = Store<RaceScene, Settings, RaceFrame, RaceCatalog, Command>;
