// A control that saves the whole space as a file, or replaces it by one.

import { putFile } from "./api.js";
import { ask, field, h } from "./dom.js";
import { fileLink } from "./files.js";
import { t } from "./words.js";

export function stateControls(app, restored) {
  const chooser = h("input", { type: "file", accept: ".json,application/json", onchange: restore });

  async function restore() {
    const [file] = chooser.files;
    if (!file) return;
    const yes = await ask(t("Replace {name}?", { name: app.route.space }), t("Everything in it is replaced by the saved state."), t("Replace"), t("Cancel"));
    if (yes && (await app.attempt(() => putFile(app.path("/state"), file), t("The state is restored")))) restored();
    chooser.value = "";
  }

  return h("div", { class: "row wrap bottom" }, [
    fileLink(app, t("Save the state"), t("Save the state"), "/state", () => ({}), () => `kobikom-${app.route.space}-state.json`),
    field(t("Restore a saved state"), chooser),
  ]);
}
