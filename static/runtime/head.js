import {isDarkChosen} from "./chosen_theme.js";

/** What must be done before anything is painted, in the head of a served page. */
export function prepare() {
  document.documentElement.classList.toggle("dark", isDarkChosen());
  const {pathname, search, hash} = location;
  // Scripts are named relative to the address: with a slash behind it they would not be found.
  if (/[^/]\/+$/.test(pathname)) location.replace(pathname.replace(/\/+$/, "") + search + hash);
}
