// Baseline: one plain row a record in IndexedDB, with the indexes that a plain app needs. Nothing is sealed.

import { answer, done, openDb, strict } from './idb.js';
import { Baseline, newestFirst, oneMore } from './plain.js';

const upgrade = (db) => {
  db.createObjectStore('partners', { keyPath: 'id' }).createIndex('sort', 'sort');
  db.createObjectStore('interactions', { keyPath: 'id' }).createIndex('partner', 'partner');
};

export class Contender extends Baseline {
  static async connect(name, load) {
    const contender = new Contender();
    contender.db = await openDb(name, upgrade);
    contender.load = load;
    return contender;
  }

  async import() {
    const transaction = strict(this.db, ['partners', 'interactions']);
    for (const store of ['partners', 'interactions']) {
      const target = transaction.objectStore(store);
      for (const row of this.rows[store]) target.put(row);
    }
    await done(transaction);
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

  all(store) {
    return answer(this.db.transaction(store).objectStore(store).getAll());
  }
}
