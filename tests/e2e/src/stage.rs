//! What one test plays on: its own folder, driver, servers and devices, all gone afterwards.

use crate::device::{Device, Extra};
use crate::driver::{Driver, Engine};
use crate::gate::Gate;
use crate::server::{Served, Server, free_port};
use crate::settings::Settings;
use crate::words::Language;
use crate::{Failure, Outcome, say};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// The stage of one test.
#[derive(Debug)]
pub struct Stage {
    /// What the tests are run with.
    pub settings: Settings,
    folder: PathBuf,
    driver: Arc<Driver>,
    devices: Mutex<Vec<Arc<Device>>>,
}

impl Stage {
    /// An empty stage in a folder of its own.
    pub fn set(settings: &Settings, name: &str) -> Outcome<Self> {
        let folder = settings.work.join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let driver = Driver::start(&settings.chromium, &folder.join("driver.log"))?;
        Ok(Self {
            settings: settings.clone(),
            folder,
            driver: Arc::new(driver),
            devices: Mutex::new(Vec::new()),
        })
    }

    /// The folder of this test.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A server that serves the app and syncs, with an empty database.
    pub fn server(&self) -> Outcome<Server> {
        let served = Served { web: self.settings.web.clone(), base: "/".to_owned(), public_origin: None };
        self.server_as(served)
    }

    /// As [`Stage::server`], started as it is said.
    pub fn server_as(&self, served: Served) -> Outcome<Server> {
        let port = free_port()?;
        Server::start(&self.settings, served, &self.folder.join(format!("server-{port}")), port)
    }

    /// A server behind a gate, which people reach through the gate.
    pub async fn gated(&self) -> Outcome<(Server, Gate)> {
        let port = free_port()?;
        let gate = Gate::open(port).await?;
        let origin = format!("http://127.0.0.1:{}", gate.port());
        let served =
            Served { web: self.settings.web.clone(), base: "/".to_owned(), public_origin: Some(origin) };
        let data = self.folder.join(format!("server-{port}"));
        Ok((Server::start(&self.settings, served, &data, port)?, gate))
    }

    /// A device that has never been used, for the app at `home`.
    pub fn device(&self, name: &str, language: Language, home: &str) -> Outcome<Arc<Device>> {
        self.device_with(name, language, home, Extra::default())
    }

    /// As [`Stage::device`], whose browser is started with something more.
    pub fn device_with(
        &self,
        name: &str,
        language: Language,
        home: &str,
        extra: Extra,
    ) -> Outcome<Arc<Device>> {
        let profile = self.folder.join(format!("profile-{name}"));
        let device = Device::fresh(&self.settings, Arc::clone(&self.driver), name, language, home, profile)?;
        let device = Arc::new(device.with(extra));
        self.devices()?.push(Arc::clone(&device));
        Ok(device)
    }

    /// A device with another engine; `None` where there is no such browser.
    pub async fn device_of(
        &self,
        engine: Engine,
        language: Language,
        home: &str,
    ) -> Outcome<Option<Arc<Device>>> {
        let programs = match engine {
            Engine::Chromium => Some(&self.settings.chromium),
            Engine::Firefox => self.settings.firefox.as_ref(),
            Engine::WebKit => self.settings.webkit.as_ref(),
        };
        let Some(programs) = programs else { return Ok(None) };
        let driver = Driver::start_other(engine, programs, &self.folder.join("other-driver.log")).await?;
        let profile = self.folder.join("profile-other");
        let name = format!("{engine:?}");
        let device = Device::fresh(&self.settings, Arc::new(driver), &name, language, home, profile)?;
        let device = Arc::new(device);
        self.devices()?.push(Arc::clone(&device));
        Ok(Some(device))
    }

    /// Keeps what every open browser shows, for whoever looks into a failure.
    pub async fn keep_traces(&self) {
        let devices = self.devices().map(|devices| devices.clone()).unwrap_or_default();
        for device in devices {
            if let Ok(paths) = self.trace(&device).await {
                paths.iter().for_each(|path| say::note(&format!("kept {}", path.display())));
            }
        }
    }

    async fn trace(&self, device: &Device) -> Outcome<[PathBuf; 2]> {
        let browser = device.browser().await?;
        let path = |kind: &str| self.folder.join(format!("failed-{}.{kind}", device.name()));
        let (picture, words) = (path("png"), path("txt"));
        let mut text =
            format!("{}\n{}\n\n{}\n", device.address().await?, browser.title().await?, device.text().await?);
        for entry in browser.browser_log().await.unwrap_or_default() {
            text.push_str(&format!("\n[{:?}] {}", entry.level, entry.message));
        }
        fs::write(&words, text)?;
        browser.screenshot(&picture).await?;
        Ok([picture, words])
    }

    /// Closes every browser.
    pub async fn clear(&self) {
        let devices = self.devices().map(|mut devices| std::mem::take(&mut *devices)).unwrap_or_default();
        for device in devices {
            // A browser that cannot be closed is ended by its id.
            if device.close().await.is_err() {
                drop(device.kill().await);
            }
        }
    }

    fn devices(&self) -> Outcome<std::sync::MutexGuard<'_, Vec<Arc<Device>>>> {
        self.devices.lock().map_err(|_| Failure::from("a test panicked while it held the devices"))
    }
}
