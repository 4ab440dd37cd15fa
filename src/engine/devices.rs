//! The devices of the account: what this one says of itself, what the others said last, and having one let in no
//! more.

use super::failure::Outcome as Ended;
use super::host::Host;
use super::keys::entropy;
use super::workspace::Workspace;
use super::{Engine, account, saved, transport};
use crate::port::{DeviceCard, Done, FailureCode, RequestId, Secret};
use satchel_vault::{SealedLocal, open_local, seal_local};
use satchel_wire::{DeviceId, DeviceList, DeviceReport, DeviceRow, NameDevice, from_cbor, to_cbor};
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// The local item that holds this device's name until the server has it.
const NAME: &str = "device/name";
/// The longest name, in characters.
const LONGEST: usize = 60;
/// The local item that holds which devices the server told of.
const KNOWN: &str = "devices/known";
/// How many of them are remembered: as many as the server remembers.
const REMEMBERED: usize = 64;

/// One hour, in ms.
const HOUR_MS: u64 = 3_600_000;

/// What is remembered of a device that the server told of.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    /// As it is sealed.
    name: Vec<u8>,
    /// When it was last heard of, as the server said, ms since 1970 UTC.
    last_ms: u64,
}

impl Known {
    fn to_the_hour(&self) -> Self {
        Self { name: self.name.clone(), last_ms: self.last_ms / HOUR_MS * HOUR_MS }
    }
}

/// What is known of the account's devices.
#[derive(Default)]
pub(super) struct Devices {
    rows: RefCell<Vec<DeviceRow>>,
    /// Those that the server ever told of, and that nobody revoked.
    known: RefCell<BTreeMap<DeviceId, Known>>,
    /// How many waited when this device last said so, and in which era: a server that was put back has forgotten it.
    told: Cell<Option<(u32, u32)>>,
    reporting: Cell<bool>,
    /// It is being handed over what was not sent.
    pub(super) leaving: Cell<bool>,
}

/// The name under which a device's name is sealed for the others: bound to the device.
fn sealed_under(device: DeviceId) -> String {
    format!("device-name/{:016x}", device.0)
}

impl<H: Host> Engine<H> {
    /// Has a device let in no more, by the passphrase that is asked again: whoever finds an open device shuts nobody
    /// out with it.
    pub(super) async fn revoke_device(
        &self,
        id: RequestId,
        device: &str,
        passphrase: &Secret,
    ) -> Ended<Done> {
        let device = u64::from_str_radix(device, 16).map_err(|_| FailureCode::NotFound)?;
        let open = self.require()?;
        self.prove_again(id, passphrase).await?;
        open.revoke(DeviceId(device)).await?;
        Ok(saved())
    }
}

impl<H: Host> Workspace<H> {
    /// Says how this device stands, if that is something new.
    pub(super) async fn report_if_changed(&self) -> Ended<()> {
        let signed_in = self.syncing.token.borrow().is_some();
        let news = self.devices.told.get() != Some(self.standing_of_this()) || self.awaits_a_handover();
        if signed_in && news { self.report().await } else { Ok(()) }
    }

    /// One at a time: a report that is overtaken would leave an older name at the server.
    async fn report(&self) -> Ended<()> {
        while self.devices.reporting.replace(true) {
            self.host.breathe().await;
        }
        let told = self.report_now().await;
        self.devices.reporting.set(false);
        told
    }

    async fn report_now(&self) -> Ended<()> {
        let token = self.syncing.token.borrow().clone().ok_or(FailureCode::Unreachable)?;
        let standing = self.standing_of_this();
        let unsent = self.local(NAME).await;
        let report = DeviceReport { name: self.sealed_name(unsent.as_deref())?, waiting: standing.0 };
        let list = account::report(&*self.host, token, &report).await?;
        // Another name may have been typed meanwhile: it is still to be sent.
        if unsent.is_some() && self.local(NAME).await == unsent {
            self.keep_local(NAME, None).await?;
        }
        let rows = list.devices.clone();
        self.learn_devices(list).await;
        // What the server would not hear of now is said again with the next round.
        if self.hold_revocations(&rows).await.is_ok() {
            self.devices.told.set(Some(standing));
        }
        self.take_handovers(&rows).await;
        Ok(())
    }

    /// What is worth a report when it changes.
    fn standing_of_this(&self) -> (u32, u32) {
        (self.waiting_count(), self.replica.cursor().era)
    }

    /// The server may be another than before: this device says again how it stands.
    pub(super) fn report_again(&self) {
        self.devices.told.set(None);
    }

    /// A device was revoked while it had something unsent, and has not handed over all of that.
    fn awaits_a_handover(&self) -> bool {
        self.devices.rows.borrow().iter().any(|row| row.waiting > 0 && row.revoked_ms.is_some())
    }

    /// The name of a device, as far as it has told one.
    pub(super) fn device_name(&self, device: DeviceId) -> String {
        let id = format!("{:016x}", device.0);
        let card = self.device_cards().into_iter().find(|card| card.id == id);
        card.map(|card| card.name).unwrap_or_default()
    }

    /// Takes the server's word of who is there. What it said before is kept beside it.
    pub(super) async fn learn_devices(&self, list: DeviceList) {
        let known = self.known_devices(&list.devices).await;
        self.devices.known.replace(known);
        self.devices.rows.replace(list.devices);
        self.changed();
    }

    fn sealed_name(&self, unsent: Option<&[u8]>) -> Ended<Vec<u8>> {
        let Some(name) = unsent else { return Ok(Vec::new()) };
        let under = sealed_under(self.meta().device);
        Ok(seal_local(self.replica.local_key(), &under, name, &mut entropy(&*self.host))?.0)
    }

    /// Asks the server again who is there.
    pub(super) async fn look_for_devices(&self) -> Ended<Done> {
        self.report().await?;
        Ok(saved())
    }

    /// Gives a device of the account a name: another one needs the server.
    pub(super) async fn name_device(&self, device: &str, name: &str) -> Ended<Done> {
        let name: String = name.trim().chars().take(LONGEST).collect();
        let device = DeviceId(u64::from_str_radix(device, 16).map_err(|_| FailureCode::NotFound)?);
        if device != self.meta().device {
            return self.name_another(device, &name).await;
        }
        self.keep_local(NAME, Some(name.as_bytes())).await?;
        self.report_again();
        // Without the server it is told with the next sync.
        let _ = self.report().await;
        Ok(saved())
    }

    async fn name_another(&self, device: DeviceId, name: &str) -> Ended<Done> {
        let token = self.token().ok_or(FailureCode::Unreachable)?;
        let key = self.replica.local_key();
        let sealed = seal_local(key, &sealed_under(device), name.as_bytes(), &mut entropy(&*self.host))?;
        let message = NameDevice { device, name: sealed.0 };
        let list = transport::post(&*self.host, "/v1/devices/name".into(), Some(token), &message).await?;
        self.learn_devices(list).await;
        Ok(saved())
    }

    /// The account's devices, as far as the server told.
    pub(super) fn device_cards(&self) -> Vec<DeviceCard> {
        let this = self.meta().device;
        let (rows, known) = (self.devices.rows.borrow(), self.devices.known.borrow());
        let shown = rows.iter().map(|row| {
            let (last_ms, waiting, revoked_at_ms) = (row.last_ms, row.waiting, row.revoked_ms);
            DeviceCard { last_ms, waiting, revoked_at_ms, ..self.device_card(row.device, &row.name, this) }
        });
        let is_shown = |device| rows.iter().any(|row| row.device == device);
        let hidden = known.iter().filter(|(device, _)| !is_shown(**device)).map(|(device, known)| {
            let last_ms = known.last_ms;
            DeviceCard { last_ms, hidden: true, ..self.device_card(*device, &known.name, this) }
        });
        shown.chain(hidden).collect()
    }

    fn device_card(&self, device: DeviceId, name: &[u8], this: DeviceId) -> DeviceCard {
        let name = open_local(self.replica.local_key(), &sealed_under(device), &SealedLocal(name.to_vec()));
        DeviceCard {
            id: format!("{:016x}", device.0),
            name: name.ok().and_then(|name| String::from_utf8(name).ok()).unwrap_or_default(),
            this: device == this,
            last_ms: 0,
            waiting: 0,
            revoked_at_ms: None,
            hidden: false,
        }
    }

    /// Those that the server told of before and now, as far as nobody revoked them: it may leave one out.
    async fn known_devices(&self, rows: &[DeviceRow]) -> BTreeMap<DeviceId, Known> {
        let mut before = self.devices.known.borrow().clone();
        if before.is_empty() {
            let kept = self.local(KNOWN).await.and_then(|bytes| from_cbor(&bytes).ok());
            before = kept.unwrap_or_default();
        }
        let mut known = before.clone();
        for row in rows {
            if row.revoked_ms.is_some() {
                known.remove(&row.device);
                continue;
            }
            known.insert(row.device, Known { name: row.name.clone(), last_ms: row.last_ms });
        }
        while known.len() > REMEMBERED
            && let Some(oldest) =
                known.iter().min_by_key(|(_, known)| known.last_ms).map(|(device, _)| *device)
        {
            known.remove(&oldest);
        }
        // Not each time that one was heard of: that is only told of one that is missing.
        let by_hour = |known: &BTreeMap<DeviceId, Known>| -> Vec<(DeviceId, Known)> {
            known.iter().map(|(device, known)| (*device, known.to_the_hour())).collect()
        };
        if by_hour(&known) != by_hour(&before) {
            // What is not kept is only not missed, should the server leave it out.
            let _ = self.keep_local(KNOWN, Some(&to_cbor(&known))).await;
        }
        known
    }
}
