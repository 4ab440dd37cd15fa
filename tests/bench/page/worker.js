// Runs one task of one contender, in a fresh worker, and answers with what was measured.

import init, { deriveKeys, question } from './bench.js';
import { plainBytes } from './plain.js';

const TASKS = { plain, derive, import: importAll, open, cold, scan, push, pull, talk };
const KINDS = ['prefix', 'chinese', 'initials', 'typo'];
const QUESTIONS = 40;
const TIMELINES = 150;
const WRITES = 60;

const timed = async (samples, work) => {
  const from = performance.now();
  const value = await work();
  samples.push(performance.now() - from);
  return value;
};

/** Numbers below `end` that look random and are the same in every run. */
const places = (count, end) => Array.from({ length: count }, (_, turn) => (turn * 7919 + 104729) % end);

async function plain(_name, load) {
  return { plain: [plainBytes(load)] };
}

async function derive(_name, load) {
  const took = { derive: [] };
  await timed(took.derive, () => deriveKeys(load.seed));
  return took;
}

async function importAll(connect) {
  const took = { import: [] };
  const contender = await connect();
  contender.prepare();
  await timed(took.import, () => contender.import());
  return took;
}

async function open(connect, load) {
  const took = { open: [], searchable: [], aggregates: [] };
  const from = performance.now();
  const contender = await connect();
  const rows = await contender.openList();
  took.open.push(performance.now() - from);
  if (rows !== 50) throw new Error(`the list has ${rows} rows`);
  await contender.openRest();
  took.searchable.push(performance.now() - from);
  for (const kind of KINDS) searchAll(contender, load, kind, took);
  for (let turn = 0; turn < 5; turn += 1) await timed(took.aggregates, () => contender.aggregates());
  return took;
}

function searchAll(contender, load, kind, took) {
  const [times, answers] = [[], []];
  for (let turn = 0; turn < QUESTIONS; turn += 1) {
    const text = question(load.seed, load.partners, load.interactions, kind, turn);
    const from = performance.now();
    answers.push(contender.search(text));
    times.push(performance.now() - from);
  }
  took[`search_${kind}`] = times;
  took[`found_${kind}`] = answers;
}

async function cold(connect, load) {
  const took = { timeline: [], write: [], update: [] };
  const contender = await connect();
  await contender.getReady?.();
  for (const place of places(TIMELINES, load.partners)) {
    const partner = contender.partnerKey(place);
    const entries = await timed(took.timeline, () => contender.timeline(partner));
    if (entries === 0) throw new Error('an empty timeline');
  }
  for (const place of places(WRITES, load.partners)) {
    const row = contender.nextRow(place);
    await timed(took.write, () => contender.write(row));
  }
  for (const place of places(WRITES, load.partners)) {
    const row = await contender.someRow(contender.partnerKey(place));
    await timed(took.update, () => contender.update(row));
  }
  return took;
}

async function scan(connect) {
  const took = { scan: [] };
  const contender = await connect();
  await timed(took.scan, () => contender.scan());
  return took;
}

/** Imports, then sends all of it to the server. */
async function push(connect) {
  const took = { push: [] };
  const contender = await connect();
  contender.link();
  contender.prepare();
  await contender.import();
  await timed(took.push, () => contender.sync());
  took.waited = [contender.waited()];
  return took;
}

/** Takes what the server has, into the book. */
async function pull(connect) {
  const took = { pull: [] };
  const contender = await connect();
  contender.link();
  took.arrived = [await timed(took.pull, () => contender.sync())];
  took.waited = [contender.waited()];
  return took;
}

/** Writes when it is told to, sends that at once, and tells what comes from the other device; until it is closed. */
async function talk(connect) {
  const contender = await connect();
  contender.link();
  await contender.getReady();
  let turn = 0;
  let queue = contender.sync();
  const next = (work) => (queue = queue.then(work).catch(fail));
  const look = async () => {
    if ((await contender.sync()) > 0) self.postMessage({ arrived: true });
  };
  await queue;
  contender.listen(() => next(look)).catch(fail);
  return new Promise((resolve) => {
    self.onmessage = ({ data }) => {
      if (data === 'end') resolve({});
      else next(() => contender.write((turn += 1))).then(() => next(look));
    };
    self.postMessage({ ready: true });
  });
}

const fail = (error) => self.postMessage({ failed: String(error?.stack ?? error) });

self.onmessage = async ({ data: { task, contender: name, database, load } }) => {
  try {
    const { memory } = await init();
    const { Contender } = await import(`./${name}.js`);
    let contender;
    const connect = async () => (contender = await Contender.connect(database, load));
    const took = await TASKS[task](connect, load);
    self.onmessage = () => {
      contender?.close();
      self.postMessage({ closed: true });
    };
    self.postMessage({ took, wasm: memory.buffer.byteLength });
  } catch (error) {
    self.postMessage({ failed: `${name} ${task}: ${error?.stack ?? error}` });
  }
};
