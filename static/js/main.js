// Behaviour of every page. Each part works on its own and the page works without all of them.
import { startDrafts } from "./drafts.js";
import { startFailures } from "./failures.js";
import { startFiles } from "./files.js";
import { startFocus } from "./focus.js";
import { startForms } from "./forms.js";
import { startMenus } from "./menus.js";
import { startNewer } from "./newer.js";
import { startComponents } from "./components.js";
import { startPictures } from "./pictures.js";
import { startTimelines } from "./timelines.js";
import { startSignin } from "./signin.js";

startComponents();
startMenus();
startFiles();
startForms();
startFocus();
startDrafts();
startPictures();
startTimelines();
startNewer();
startSignin();
startFailures();
