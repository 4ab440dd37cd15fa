// Language and theme before the first paint, so that nothing flashes. Settings are written by the
// app: `satchel.theme` (system, light, dark, outdoor) and `satchel.language` (en, zh-CN).
(() => {
  const kept = (key) => {
    try {
      return (localStorage.getItem(key) ?? "").replaceAll('"', "");
    } catch {
      return ""; // storage is switched off: the device's own choice holds
    }
  };
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const theme = kept("satchel.theme");
  const chosen = ["light", "dark", "outdoor"].includes(theme);
  root.dataset.theme = chosen ? theme : dark;
  const language = kept("satchel.language") || navigator.language || "en";
  root.lang = language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
  if (!chosen) return; // the two theme-color elements follow the system by themselves
  const ground = { light: "#f5f5f2", dark: "#0f1115", outdoor: "#ffffff" }[theme];
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) meta.content = ground;
})();
