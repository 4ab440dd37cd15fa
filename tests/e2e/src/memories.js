// Which of the needles, bytes as hex digits, lie in one of these WebAssembly memories. Only hex comes in, so
// that the search leaves nothing behind that a search would find.
function (needles) {
  const text = (bytes) => new TextDecoder("latin1").decode(bytes);
  const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  const wanted = needles.map((needle) => text(bytes(needle)));
  const PIECE = 8 << 20, OVERLAP = 256;
  const found = new Set();
  for (const memory of this) {
    const whole = new Uint8Array(memory.buffer);
    for (let at = 0; at < whole.length; at += PIECE) {
      const piece = text(whole.subarray(at, at + PIECE + OVERLAP));
      wanted.forEach((needle, which) => piece.includes(needle) && found.add(which));
    }
  }
  return { found: [...found], bytes: this.reduce((sum, memory) => sum + memory.buffer.byteLength, 0) };
}
