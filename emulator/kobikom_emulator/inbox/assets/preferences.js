// How this browser shows the page: theme, density, notifications.

const STORAGE_KEY = "kobikom-preferences";
const DEFAULTS = { theme: "auto", density: "comfortable", notify: false };

function stored() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(STORAGE_KEY)) };
  } catch {
    return { ...DEFAULTS };
  }
}

export const preferences = stored();

/** Change one and apply all. */
export function prefer(name, value) {
  preferences[name] = value;
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(preferences));
  } catch {
    // without storage the choice lasts as long as the page
  }
  applyPreferences();
}

export function applyPreferences() {
  document.documentElement.dataset.theme = preferences.theme;
  document.documentElement.dataset.density = preferences.density;
}

export const isCompact = () => preferences.density === "compact";
