// Finds what a person would point at: an element of a role with a name, visible, in what lies on top.
// Arguments: role, name, "is" | "has" | "starts", which one of several.
const ROLES = {
  button: "button, [role='button'], summary, input[type='submit'], input[type='button']",
  link: "a[href]",
  tab: "[role='tab']",
  menuitem: "[role='menuitem']",
  option: "[role='option']",
  checkbox: "input[type='checkbox'], [role='checkbox'], [role='switch']",
  radio: "input[type='radio'], [role='radio']",
  field: "input:not([type='file']):not([type='checkbox']):not([type='radio']), textarea, select, [role='textbox'], [role='combobox']",
  heading: "h1, h2, h3, h4, h5, h6, [role='heading']",
  dialog: "[role='dialog'], dialog",
  any: "a[href], button, summary, label, [role='tab'], [role='menuitem'], [role='option'], [role='button']",
};
const [role, wanted, how, which] = arguments;
const squash = (text) => text.replace(/\s+/g, " ").trim();

function visible(element) {
  if (!element.checkVisibility({ visibilityProperty: true })) return false;
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0;
}

function words(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute("aria-hidden") === "true") return "";
  if (node.matches("select, textarea")) return "";
  const label = node.getAttribute("aria-label");
  return ` ${label ?? [...node.childNodes].map(words).join("")} `;
}

function name(element) {
  const by = element.getAttribute("aria-labelledby");
  if (by) return by.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  const label = element.getAttribute("aria-label");
  if (label) return label;
  if (element.labels?.length) return [...element.labels].map(words).join(" ");
  return words(element) || element.placeholder || element.title || element.value || "";
}

const tests = {
  is: (text) => text === wanted,
  has: (text) => text.includes(wanted),
  starts: (text) => text.startsWith(wanted),
};
const top = [...document.querySelectorAll("[aria-modal='true']")].filter(visible).pop();
const found = (root) =>
  [...root.querySelectorAll(ROLES[role])].filter((element) => visible(element) && tests[how](squash(name(element))));
const within = top ? found(top) : [];
return (within.length ? within : found(document))[which] ?? null;
