// The contender: the workspace's own parts, compiled as the engine is.

import { Ours } from './bench.js';

export class Contender {
  static async connect(name, load) {
    const contender = new Contender();
    const { seed, partners, interactions } = load;
    contender.ours = await Ours.connect(name, seed, load.device ?? 1, partners, interactions);
    contender.load = load;
    return contender;
  }

  prepare() {
    this.ours.prepare(this.load.sample ?? this.load.seed);
  }

  import() {
    return this.ours.import();
  }

  async openList() {
    await this.ours.openCards();
    return this.ours.list();
  }

  openRest() {
    return this.ours.openRest();
  }

  search(text) {
    return this.ours.search(text);
  }

  aggregates() {
    return this.ours.aggregates();
  }

  scan() {
    return this.ours.scan();
  }

  link() {
    this.ours.link(this.load.seed, this.load.device);
  }

  sync() {
    return this.ours.sync();
  }

  /** Calls `onHint` whenever the server says that there is something new, as long as the stream lasts. */
  async listen(onHint) {
    const [path, token] = this.ours.hints();
    const answer = await fetch(path, { headers: { authorization: `Bearer ${token}` }, cache: 'no-store' });
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (part.value.includes('data:')) onHint();
    }
  }

  /** Of it, how long the server and the network took. */
  waited() {
    return this.ours.waitedMs();
  }

  /** The book tells which records a timeline has; their contents are read when asked for. */
  async getReady() {
    await this.openList();
    await this.openRest();
  }

  partnerKey(place) {
    return place;
  }

  timeline(place) {
    return this.ours.timeline(place);
  }

  nextRow(turn) {
    return turn;
  }

  write(turn) {
    return this.ours.write(turn);
  }

  someRow(place) {
    return this.ours.someInteraction(place);
  }

  update(place) {
    return this.ours.update(place);
  }

  close() {
    this.ours.free();
  }
}
