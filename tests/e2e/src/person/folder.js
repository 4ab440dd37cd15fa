// Stands in for the folder that a person would choose.
window.showDirectoryPicker = async () => (await navigator.storage.getDirectory()).getDirectoryHandle("Safe", { create: true });
FileSystemHandle.prototype.queryPermission = async () => (localStorage["test.withdrawn"] ? "prompt" : "granted");
FileSystemHandle.prototype.requestPermission = async () => {
  delete localStorage["test.withdrawn"];
  return "granted";
};
const createWritable = FileSystemFileHandle.prototype.createWritable;
FileSystemFileHandle.prototype.createWritable = async function () {
  const stream = await createWritable.call(this);
  if (localStorage["test.full"]) {
    stream.write = async () => {
      throw new DOMException("no room", "QuotaExceededError");
    };
  }
  return stream;
};
