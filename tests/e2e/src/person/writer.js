// Somebody who writes without pause, through the app's own forms. Arguments: where the witness listens,
// the customer whom it is about (its id), the words that mark what is written, the words for "saved",
// the label of a field that holds the number of the last change, and the base path.
//
// Number n is, in turn: a visit with a promise (two records, one intent), a new customer (one record), a
// change of one and the same field.
const [witness, customer, mark, savedWords, field, base] = arguments;
const tell = (word, n) => fetch(`${witness}/${word}/${n}`, { mode: "no-cors", cache: "no-store" }).catch(() => {});
const pause = () => new Promise((resume) => setTimeout(resume, 4));

async function found(look) {
  for (let left = 2500; left > 0; left--) {
    const it = look();
    if (it) return it;
    await pause();
  }
  throw new Error(`not found: ${look}`);
}

const one = (css) => found(() => document.querySelector(css));
const sheet = () => document.querySelector("section.sheet");

function go(place) {
  history.pushState(null, "", base + place);
  dispatchEvent(new PopStateEvent("popstate"));
}

function type(input, text) {
  const kind = input instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(input, text);
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

// The field whose label says so.
const labelled = (label) =>
  found(() => [...(sheet()?.querySelectorAll("input") ?? [])].find((input) =>
    [...(input.labels ?? [])].some((one) => one.innerText.trim() === label) || input.getAttribute("aria-label") === label));

const forms = [
  async (n) => {
    go(`customers/${customer}?sheet=log&id=${customer}`);
    type(await one(".sheet textarea"), `${mark}-${n} quote by Friday`);
    (await one(".sheet .prop input")).click();
  },
  async (n) => {
    go(`customers/${customer}?sheet=customer`);
    type(await one(".sheet .frm input[type='text']"), `${mark}-${n}`);
  },
  async (n) => {
    go(`customers/${customer}?sheet=customer&id=${customer}`);
    type(await labelled(field), `${mark}-${n}`);
  },
];

const toasts = () => [...document.querySelectorAll(".toast")];

async function write(n) {
  toasts().forEach((toast) => toast.querySelector(":scope > .ib")?.click());
  await found(() => toasts().length === 0 && !sheet());
  await forms[n % forms.length](n);
  const save = await one(".sheet .save");
  await tell("tried", n);
  save.click();
  const toast = await found(() => toasts()[0]);
  if (!savedWords.some((words) => toast.innerText.includes(words))) throw new Error(toast.innerText);
  tell("saved", n);
  await found(() => !sheet());
}

(async () => {
  for (let n = 1; ; n++) {
    try {
      await write(n);
    } catch (error) {
      document.title = String(error);
      await tell("failed", n);
      return;
    }
  }
})();
