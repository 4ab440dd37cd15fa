// Baseline: 256 records a chunk, JSON, sealed with WebCrypto, one value of IndexedDB each. The practical limit
// of what a browser does: no merging, no outbox, no index beyond a map in memory.

import { answer, done, openDb, strict } from './idb.js';
import { Baseline, newestFirst, oneMore } from './plain.js';

const RECORDS = 256;
const STORES = ['partners', 'interactions', 'loose', 'map'];
const upgrade = (db) => STORES.forEach((store) => db.createObjectStore(store));
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class Contender extends Baseline {
  static async connect(name, load) {
    const contender = new Contender();
    contender.db = await openDb(name, upgrade);
    contender.load = load;
    const key = new Uint8Array(32).fill(7);
    contender.key = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
    return contender;
  }

  async import() {
    const sealing = ['partners', 'interactions'].map((store) => this.chunksOf(this.rows[store]));
    const [partners, interactions] = await Promise.all(sealing);
    const map = await this.seal(Object.fromEntries(placesOf(this.rows.interactions)));
    const transaction = strict(this.db, STORES);
    partners.forEach((chunk, number) => transaction.objectStore('partners').put(chunk, number));
    interactions.forEach((chunk, number) => transaction.objectStore('interactions').put(chunk, number));
    transaction.objectStore('map').put(map, 0);
    await done(transaction);
  }

  /** The map from partner to chunks, in memory before anybody asks. */
  async getReady() {
    this.map = await this.open(await answer(this.db.transaction('map').objectStore('map').get(0)));
  }

  async timeline(partner) {
    const store = this.db.transaction('interactions').objectStore('interactions');
    const sealed = await Promise.all(this.map[partner].map((number) => answer(store.get(number))));
    const chunks = await Promise.all(sealed.map((chunk) => this.open(chunk)));
    const rows = chunks.flat().filter((row) => row.partner === partner);
    return rows.sort(newestFirst).slice(0, 50).length;
  }

  nextRow(turn) {
    return oneMore(this.load, turn);
  }

  async write(row) {
    const sealed = await this.seal(row);
    const transaction = strict(this.db, ['loose']);
    transaction.objectStore('loose').put(sealed, row.id);
    await done(transaction);
  }

  /** A chunk is what is rewritten; which row in it is all the same. */
  async someRow(partner) {
    return this.map[partner][0];
  }

  async update(number) {
    const store = this.db.transaction('interactions').objectStore('interactions');
    const rows = await this.open(await answer(store.get(number)));
    rows[0].content += ' ✓';
    const sealed = await this.seal(rows);
    const transaction = strict(this.db, ['interactions']);
    transaction.objectStore('interactions').put(sealed, number);
    await done(transaction);
  }

  async all(store) {
    const sealed = await answer(this.db.transaction(store).objectStore(store).getAll());
    return (await Promise.all(sealed.map((chunk) => this.open(chunk)))).flat();
  }

  chunksOf(rows) {
    const chunks = [];
    for (let from = 0; from < rows.length; from += RECORDS) chunks.push(this.seal(rows.slice(from, from + RECORDS)));
    return Promise.all(chunks);
  }

  async seal(rows) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const bytes = encoder.encode(JSON.stringify(rows));
    return { iv, sealed: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, this.key, bytes) };
  }

  async open({ iv, sealed }) {
    const bytes = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, this.key, sealed);
    return JSON.parse(decoder.decode(bytes));
  }
}

const placesOf = (interactions) => {
  const places = new Map();
  interactions.forEach(({ partner }, place) => {
    const number = Math.floor(place / RECORDS);
    const numbers = places.get(partner);
    if (!numbers) places.set(partner, [number]);
    else if (numbers.at(-1) !== number) numbers.push(number);
  });
  return places;
};
