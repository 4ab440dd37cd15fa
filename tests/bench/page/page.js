// The main thread of the benchmark: starts a fresh worker for each task, watches itself for long tasks, and
// hands the samples to whoever serves this page. Which contender, how much and what is in the address.

import { storedBytes } from './idb.js';

const asked = new URLSearchParams(location.search);
const contender = asked.get('contender');
const load = { seed: Number(asked.get('seed')), partners: Number(asked.get('partners')), interactions: Number(asked.get('interactions')) };
const DATABASE = 'satchel-bench';

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
  const { took, wasm } = await answerOf(worker, { task, contender, database: DATABASE, load });
  const to = performance.now();
  const told = { ...took, [`memory_${task}`]: (await heap()).map((bytes) => bytes + wasm) };
  await answerOf(worker, 'close');
  worker.terminate();
  return { ...told, [`long_${task}`]: [longest(from, to)] };
};

const main = async () => {
  const samples = {};
  for (const task of asked.get('tasks').split(',')) Object.assign(samples, await run(task));
  if (samples.import) {
    const stored = Object.values(await storedBytes(DATABASE));
    samples.stored = [stored.reduce((sum, size) => sum + size, 0)];
  }
  return samples;
};

main().then(
  (samples) => fetch('/result', { method: 'POST', body: JSON.stringify(samples) }),
  (error) => fetch('/failed', { method: 'POST', body: String(error?.stack ?? error) }),
);
