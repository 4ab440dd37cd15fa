// The main thread of the benchmark: starts a fresh worker for each task, watches itself for long tasks, and
// hands the samples to whoever serves this page. Which contender, how much and what is in the address.

import { storedBytes } from './idb.js';

const asked = new URLSearchParams(location.search);
const contender = asked.get('contender');
const number = (name) => (asked.has(name) ? Number(asked.get(name)) : undefined);
const load = {
  seed: number('seed'),
  partners: number('partners'),
  interactions: number('interactions'),
  device: number('device'),
  sample: number('sample'),
};
const database = asked.get('database') ?? 'satchel-bench';
/** Who wants to hear: whoever served the page, unless told otherwise. */
const listener = asked.get('listener') ?? '';

const long = [];
new PerformanceObserver((list) => long.push(...list.getEntries())).observe({ type: 'longtask' });
const longest = (from, to) => {
  const during = long.filter(({ startTime }) => startTime >= from && startTime <= to);
  return during.reduce((most, { duration }) => Math.max(most, duration), 0);
};

const answerOf = (worker, message) =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.failed ? reject(new Error(data.failed)) : resolve(data));
    worker.onerror = (event) => reject(new Error(event.message || 'a worker failed'));
    worker.postMessage(message);
  });

/** The bytes of the worker's JavaScript heap, where the browser tells; the memory of wasm is beside it. */
const heap = async () => {
  if (!crossOriginIsolated || !performance.measureUserAgentSpecificMemory) return [];
  const { breakdown } = await performance.measureUserAgentSpecificMemory();
  const inWorker = (part) => part.attribution.some((one) => one.scope === 'DedicatedWorkerGlobalScope');
  return [breakdown.filter(inWorker).reduce((sum, part) => sum + part.bytes, 0)];
};

const run = async (task) => {
  const worker = new Worker('worker.js', { type: 'module' });
  const from = performance.now();
  const { took, wasm } = await answerOf(worker, { task, contender, database, load });
  const to = performance.now();
  const told = { ...took, [`memory_${task}`]: (await heap()).map((bytes) => bytes + wasm) };
  await answerOf(worker, 'close');
  worker.terminate();
  return { ...told, [`long_${task}`]: [longest(from, to)] };
};

/** Resolves when what is on the screen is what was put there. */
const painted = (text) => {
  document.body.textContent = text;
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
};

const EDITS = 24;

/**
 * One of two people: `begin` edits and waits for what the other one answers with, `answer` shows what comes and
 * edits back. Each edit begins and ends on a screen, so half of there and back is the way from one to the other.
 */
const converse = async (begins) => {
  const worker = new Worker('worker.js', { type: 'module' });
  let heard;
  const next = () => new Promise((resolve, reject) => (heard = { resolve, reject }));
  worker.onmessage = ({ data }) => (data.failed ? heard.reject(new Error(data.failed)) : heard.resolve(data));
  let coming = next();
  worker.postMessage({ task: 'talk', contender, database, load });
  await coming;
  if (!begins) await tell('result', '{}');
  const edit = [];
  for (let turn = 0; turn < EDITS || !begins; turn += 1) {
    coming = next();
    const from = performance.now();
    if (begins) worker.postMessage('edit');
    await coming;
    await painted(`edit ${turn}`);
    // The first ones find code that was never run.
    if (turn >= 4) edit.push((performance.now() - from) / 2);
    if (!begins) worker.postMessage('edit');
  }
  return { edit };
};

const main = async () => {
  if (asked.has('talk')) return converse(asked.get('talk') === 'begin');
  const samples = {};
  for (const task of asked.get('tasks').split(',')) Object.assign(samples, await run(task));
  if (samples.import) {
    const stored = Object.values(await storedBytes(database));
    samples.stored = [stored.reduce((sum, size) => sum + size, 0)];
  }
  return samples;
};

/** The answer is not for this page to read: the browser says that the request failed. */
const tell = (what, body) => fetch(`${listener}/${what}`, { method: 'POST', mode: 'no-cors', body }).catch(() => {});

main().then(
  (samples) => tell('result', JSON.stringify(samples)),
  (error) => tell('failed', String(error?.stack ?? error)),
);
