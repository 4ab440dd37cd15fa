// IndexedDB as promises, for the baselines: as little as possible between them and the platform.

/** Opens a database in the version it has; `upgrade` makes the object stores of a new one. */
export const openDb = (name, upgrade) =>
  new Promise((resolve, reject) => {
    const asking = indexedDB.open(name);
    asking.onupgradeneeded = () => upgrade(asking.result);
    asking.onsuccess = () => resolve(asking.result);
    asking.onerror = () => reject(asking.error);
  });

/** The answer to one request. */
export const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Resolves when a transaction is on the disk. */
export const done = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });

/** A transaction that is answered when it would survive a power cut. */
export const strict = (db, stores) => db.transaction(stores, 'readwrite', { durability: 'strict' });

const sizeOf = (value) => {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  if (value instanceof Blob) return value.size;
  if (typeof value === 'string') return new TextEncoder().encode(value).length;
  if (Array.isArray(value)) return value.reduce((sum, one) => sum + sizeOf(one), 0);
  if (value !== null && typeof value === 'object') {
    const binary = Object.values(value).some((part) => ArrayBuffer.isView(part) || part instanceof ArrayBuffer);
    return binary ? sizeOf(Object.values(value)) : sizeOf(JSON.stringify(value));
  }
  return 8;
};

/** The bytes of all keys and values in a database, by object store. */
export const storedBytes = async (name) => {
  const db = await openDb(name, () => {});
  const sizes = {};
  for (const store of db.objectStoreNames) {
    sizes[store] = await new Promise((resolve, reject) => {
      let sum = 0;
      const walking = db.transaction(store).objectStore(store).openCursor();
      walking.onerror = () => reject(walking.error);
      walking.onsuccess = () => {
        const cursor = walking.result;
        if (!cursor) return resolve(sum);
        sum += sizeOf(cursor.primaryKey) + sizeOf(cursor.value);
        cursor.continue();
      };
    });
  }
  db.close();
  return sizes;
};
