// Baseline: one plain row a record in IndexedDB, with the indexes that a plain app needs. Nothing is sealed.

import { answer, done, openDb, strict } from './idb.js';
import { Texts, aggregates, bySort, everything, newestFirst, oneMore, partnerId } from './plain.js';

const upgrade = (db) => {
  db.createObjectStore('partners', { keyPath: 'id' }).createIndex('sort', 'sort');
  db.createObjectStore('interactions', { keyPath: 'id' }).createIndex('partner', 'partner');
};

export class Contender {
  static async connect(name, load) {
    const contender = new Contender();
    contender.db = await openDb(name, upgrade);
    contender.load = load;
    return contender;
  }

  prepare() {
    this.rows = everything(this.load);
  }

  async import() {
    const transaction = strict(this.db, ['partners', 'interactions']);
    for (const store of ['partners', 'interactions']) {
      const target = transaction.objectStore(store);
      for (const row of this.rows[store]) target.put(row);
    }
    await done(transaction);
  }

  async openList() {
    this.partners = await this.all('partners');
    return this.partners.sort(bySort).slice(0, 50).length;
  }

  async openRest() {
    this.interactions = await this.all('interactions');
    this.texts = new Texts(this.partners, this.interactions);
  }

  search(text) {
    return this.texts.search(text, 30);
  }

  aggregates() {
    return aggregates(this.interactions);
  }

  async scan() {
    const rows = await this.all('interactions');
    return rows.reduce((sum, row) => sum + row.content.length, (await this.all('partners')).length);
  }

  partnerKey(place) {
    return partnerId(this.load, place);
  }

  async timeline(partner) {
    const index = this.db.transaction('interactions').objectStore('interactions').index('partner');
    const rows = await answer(index.getAll(partner));
    return rows.sort(newestFirst).slice(0, 50).length;
  }

  nextRow(turn) {
    return oneMore(this.load, turn);
  }

  async write(row) {
    const transaction = strict(this.db, ['interactions']);
    transaction.objectStore('interactions').put(row);
    await done(transaction);
  }

  async someRow(partner) {
    const index = this.db.transaction('interactions').objectStore('interactions').index('partner');
    return (await answer(index.get(partner))).id;
  }

  async update(id) {
    const transaction = strict(this.db, ['interactions']);
    const store = transaction.objectStore('interactions');
    const row = await answer(store.get(id));
    row.content += ' ✓';
    store.put(row);
    await done(transaction);
  }

  close() {
    this.db.close();
  }

  all(store) {
    return answer(this.db.transaction(store).objectStore(store).getAll());
  }
}
