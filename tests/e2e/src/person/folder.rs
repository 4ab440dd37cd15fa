//! A folder that backups go into by themselves. The browser's own picker cannot be driven: the folder is one that the
//! browser keeps for the page, which answers as any other does.

use crate::Outcome;
use crate::device::Device;
use crate::failure::ensure;
use crate::hands::{LONG, until};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::fs;
use std::path::Path;

/// In place of the picker; permission and room can be taken away by a word in local storage.
const STAND_IN: &str = include_str!("folder.js");

const LIST: &str = "
const done = arguments[0];
(async () => {
  const names = [];
  for await (const name of (await showDirectoryPicker()).keys()) names.push(name);
  done(names.sort());
})();";

const PUT: &str = "
const [name, done] = arguments;
(async () => {
  const file = await (await showDirectoryPicker()).getFileHandle(name, { create: true });
  const stream = await file.createWritable();
  await stream.write('mine');
  await stream.close();
  done(true);
})();";

const READ: &str = "
const [name, done] = arguments;
(async () => {
  const file = await (await (await showDirectoryPicker()).getFileHandle(name)).getFile();
  const reader = new FileReader();
  reader.onload = () => done(reader.result.split(',')[1]);
  reader.readAsDataURL(file);
})();";

const REMOVE: &str = "
const done = arguments[0];
navigator.storage.getDirectory().then((all) => all.removeEntry('Safe', { recursive: true })).then(() => done(true));";

const TIDY: &str = "
const [name, done] = arguments;
(async () => {
  await (await showDirectoryPicker()).removeEntry(name);
  done(true);
})();";

const LAST: &str = "
const [plan] = Object.values(JSON.parse(localStorage['satchel.folders'] ?? '{}'));
return plan?.files.at(-1)?.name ?? '';";

/// The last file was two days ago; this tab hears of it as other tabs do.
const AGE: &str = "
const all = JSON.parse(localStorage['satchel.folders']);
for (const plan of Object.values(all)) { plan.last_ms -= 2 * 864e5; plan.tried_ms = 0; }
localStorage['satchel.folders'] = JSON.stringify(all);
dispatchEvent(new Event('storage'));";

const IDLE: &str = "
const done = arguments[0];
navigator.locks.query().then(({ held, pending }) => done(![...held, ...pending].some((lock) => lock.name.startsWith('satchel-backup'))));";

impl Device {
    /// From the next page on the picker gives the stand-in.
    pub async fn has_a_folder(&self) -> Outcome {
        let source = json!({ "source": STAND_IN });
        self.cdp("Page.addScriptToEvaluateOnNewDocument", source).await.map(drop)
    }

    /// Takes something of the folder away, or gives it back: `withdrawn` or `full`.
    pub async fn folder_is(&self, what: &str, so: bool) -> Outcome {
        let script = "const [what, so] = arguments; if (so) localStorage[`test.${what}`] = 1; else delete localStorage[`test.${what}`]";
        self.script(script, vec![what.into(), so.into()]).await.map(drop)
    }

    /// What lies in the folder.
    pub async fn in_folder(&self) -> Outcome<Vec<String>> {
        let names = self.script_async(LIST, vec![]).await?;
        Ok(names
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect())
    }

    /// Waits until so many files lie in the folder and nobody writes.
    pub async fn files_in_folder(&self, count: usize) -> Outcome<Vec<String>> {
        let look = async || {
            let idle = self.script_async(IDLE, vec![]).await? == true;
            let names = self.in_folder().await?;
            Ok((idle && names.len() == count).then_some(names))
        };
        until(LONG, || format!("{count} files in the folder of {}", self.name()), look).await
    }

    /// The file that this workspace wrote last, as its page remembers it.
    pub async fn folder_last(&self) -> Outcome<String> {
        Ok(self.script(LAST, vec![]).await?.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until another file was written than this one.
    pub async fn folder_wrote_after(&self, before: &str) -> Outcome {
        let look = async || Ok((self.folder_last().await? != before).then_some(()));
        until(LONG, || format!("another file than {before} by {}", self.name()), look).await
    }

    /// The folder goes, as a disk that is pulled out.
    pub async fn remove_folder(&self) -> Outcome {
        self.script_async(REMOVE, vec![]).await.map(drop)
    }

    /// Somebody else's file in the folder.
    pub async fn put_into_folder(&self, name: &str) -> Outcome {
        self.script_async(PUT, vec![name.into()]).await.map(drop)
    }

    /// Somebody takes a file out of the folder.
    pub async fn take_from_folder(&self, name: &str) -> Outcome {
        self.script_async(TIDY, vec![name.into()]).await.map(drop)
    }

    /// Two days go by.
    pub async fn folder_ages(&self) -> Outcome {
        self.script(AGE, vec![]).await.map(drop)
    }

    /// Copies a file of the folder.
    pub async fn out_of_folder(&self, name: &str, to: &Path) -> Outcome {
        let text = self.script_async(READ, vec![name.into()]).await?;
        let bytes = STANDARD.decode(text.as_str().unwrap_or_default());
        let bytes = bytes.map_err(|error| format!("the folder's file came as something else: {error}"))?;
        ensure(!bytes.is_empty(), || format!("{name} is empty"))?;
        Ok(fs::write(to, bytes)?)
    }
}
