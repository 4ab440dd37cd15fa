// The made-up customers as plain objects, and what both baselines do with them once they are in memory.

import { plainInteractions, plainPartners } from './bench.js';

const AT_ONCE = 1000;

const gather = (make, { seed, partners, interactions }) => {
  const rows = [];
  for (let from = 0; from < partners; from += AT_ONCE) {
    for (const row of JSON.parse(make(seed, partners, interactions, from, from + AT_ONCE))) rows.push(row);
  }
  return rows;
};

/** All partners and all interactions, partner by partner. */
const everything = (load) => ({
  partners: gather(plainPartners, load),
  interactions: gather(plainInteractions, load),
});

/** The bytes of all rows as JSON in UTF-8: what "plain" means in every ratio. */
export const plainBytes = (load) => {
  const { partners, interactions } = everything(load);
  const encoder = new TextEncoder();
  const bytes = (rows) => rows.reduce((sum, row) => sum + encoder.encode(JSON.stringify(row)).length, 0);
  return bytes(partners) + bytes(interactions);
};

/** The id of the partner at a place. */
const partnerId = ({ seed, partners, interactions }, place) =>
  JSON.parse(plainPartners(seed, partners, interactions, place, place + 1))[0].id;

/** The `turn`-th row of a partner's history, under an id of its own. */
export const oneMore = ({ seed, partners, interactions }, turn) => {
  const rows = JSON.parse(plainInteractions(seed, partners, interactions, turn, turn + 1));
  return { ...rows[0], id: crypto.randomUUID().replaceAll('-', '') };
};

const bySort = (one, other) => (one.sort < other.sort ? -1 : one.sort > other.sort ? 1 : 0);
export const newestFirst = (one, other) => other.at - one.at;

/** Names and contents in lower case, searched as substrings; pinyin and slips find nothing. */
class Texts {
  constructor(partners, interactions) {
    const short = (row) => [row.name, row.city, row.note, ...row.phones.map((phone) => phone.value)].join('\n');
    this.names = partners.map((row) => short(row).toLowerCase());
    this.contents = interactions.map((row) => row.content.toLowerCase());
  }

  search(text, limit) {
    const wanted = text.toLowerCase();
    const find = (texts) => {
      let found = 0;
      for (const one of texts) if (one.includes(wanted) && ++found === limit) break;
      return found;
    };
    return find(this.names) + find(this.contents);
  }
}

/** Count, first, last and the counts by method of each partner. */
const aggregates = (interactions) => {
  const all = new Map();
  for (const { partner, at, method } of interactions) {
    let one = all.get(partner);
    if (!one) all.set(partner, (one = { count: 0, first: at, last: at, methods: {} }));
    one.count += 1;
    one.first = Math.min(one.first, at);
    one.last = Math.max(one.last, at);
    one.methods[method] = (one.methods[method] ?? 0) + 1;
  }
  return all.size;
};

/** What both baselines do alike: they differ in how rows come to the disk and back. */
export class Baseline {
  prepare() {
    this.rows = everything(this.load);
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

  close() {
    this.db.close();
  }
}
