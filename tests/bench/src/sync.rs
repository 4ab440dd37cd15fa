//! Syncing with the real server over `fetch`: the engine's loop without its pauses.

use crate::account::Account;
use satchel_book::Book;
use satchel_replica::{Fault, Replica, Step, Store, Sync, Transport, Wake, carry_out};
use satchel_vault::{LoginKey, Signer, SlotKeys};
use satchel_wire::{
    CBOR, Challenge, ChallengeRequest, Changes, DeviceId, Digest, Push, PushAnswer, SessionGrant, SlotId,
    from_cbor, to_cbor,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestInit, Response, WorkerGlobalScope};

/// The way to the server that handed out the page.
pub(crate) struct Link {
    account: Account,
    login: LoginKey,
    register: satchel_wire::Register,
    device: DeviceId,
    token: RefCell<Option<String>>,
    /// Kept from one look to the next, as the engine keeps it.
    machine: RefCell<Option<Sync>>,
    /// How long the server and the network were waited for, ms.
    waited_ms: Cell<f64>,
}

impl Link {
    /// For a device of an account; derives its keys.
    pub(crate) fn new(account: Account, device: DeviceId) -> Result<Self, String> {
        let SlotKeys { unlock, login } = account.derive().map_err(|error| error.to_string())?;
        let register = account.register(&unlock, &login, device)?;
        let (token, machine) = (RefCell::default(), RefCell::default());
        Ok(Self { account, login, register, device, token, machine, waited_ms: Cell::default() })
    }

    /// Where hints come from, and the bearer token for it, once there is a session.
    pub(crate) fn hints(&self) -> Option<(String, String)> {
        Some((self.space("hints"), self.token.borrow().clone()?))
    }

    /// Steps until there is nothing to do; how many records arrived.
    pub(crate) async fn sync<S: Store>(
        &self,
        replica: &Replica<S>,
        book: &RefCell<Book>,
    ) -> Result<usize, String> {
        let (mut machine, mut arrived) = (self.awake(replica).await?, 0);
        loop {
            let step = machine.poll(now_ms());
            if let Step::Idle { .. } = step {
                self.machine.replace(Some(machine));
                return Ok(arrived);
            }
            let done = carry_out(step, replica, self, now_ms).await;
            if let satchel_replica::Outcome::Failed(_) | satchel_replica::Outcome::StoreFailed { .. } =
                done.outcome
            {
                return Err(format!("{:?} {:?}", done.outcome, done.error));
            }
            arrived += done.news.arrived.len();
            let mut book = book.borrow_mut();
            done.news.arrived.iter().for_each(|one| book.apply(one.id, Some(&one.record)));
            drop(book);
            machine.handle(done.outcome, now_ms(), 0);
        }
    }

    /// A machine that looks at once and knows what waits.
    async fn awake<S: Store>(&self, replica: &Replica<S>) -> Result<Sync, String> {
        let start = replica.start().await.map_err(|error| error.to_string())?;
        let Some(mut machine) = self.machine.take() else { return Ok(Sync::new(start)) };
        let wake = if start.waiting > 0 { Wake::Write { waiting: start.waiting } } else { Wake::Focus };
        machine.wake(wake);
        Ok(machine)
    }

    /// How long the server and the network were waited for so far, ms.
    pub(crate) fn waited_ms(&self) -> f64 {
        self.waited_ms.get()
    }

    fn space(&self, rest: &str) -> String {
        format!("/v1/spaces/{}/{rest}", self.account.space().to_hex())
    }

    async fn ask<A: DeserializeOwned>(&self, path: &str, body: Option<Vec<u8>>) -> Result<A, Fault> {
        let begin = js_sys::Date::now();
        let (status, bytes) = self.fetch(path, body).await.map_err(|_| Fault::Offline)?;
        self.waited_ms.set(self.waited_ms.get() + js_sys::Date::now() - begin);
        if !(200..300).contains(&status) {
            return Err(Fault::Status { status, retry_after_ms: None });
        }
        from_cbor(&bytes).map_err(|_| Fault::NotOurs)
    }

    async fn post<A: DeserializeOwned>(&self, path: &str, message: &impl Serialize) -> Result<A, Fault> {
        self.ask(path, Some(to_cbor(message))).await
    }

    async fn fetch(&self, path: &str, body: Option<Vec<u8>>) -> Result<(u16, Vec<u8>), JsValue> {
        let (init, headers) = (RequestInit::new(), Headers::new()?);
        headers.set("accept", CBOR)?;
        if let Some(token) = self.token.borrow().as_ref() {
            headers.set("authorization", &format!("Bearer {token}"))?;
        }
        if let Some(body) = body {
            init.set_method("POST");
            headers.set("content-type", CBOR)?;
            init.set_body(&js_sys::Uint8Array::from(body.as_slice()));
        }
        init.set_headers(&headers);
        let response: Response =
            JsFuture::from(scope().fetch_with_str_and_init(path, &init)).await?.dyn_into()?;
        let bytes = JsFuture::from(response.array_buffer()?).await?;
        Ok((response.status(), js_sys::Uint8Array::new(&bytes).to_vec()))
    }
}

impl Transport for Link {
    async fn register(&self) -> Result<(), Fault> {
        let _space: satchel_wire::SpaceState = self.post("/v1/accounts", &self.register).await?;
        Ok(())
    }

    async fn sign_in(&self) -> Result<(), Fault> {
        let account = self.register.account;
        let signer = Signer { account, slot: SlotId::PASSPHRASE, device: self.device };
        let asked = ChallengeRequest { account, slot: signer.slot };
        let challenge: Challenge = self.post("/v1/sessions/challenge", &asked).await?;
        let signed = self.login.sign_login(&scope().location().host(), &challenge, signer);
        let grant: SessionGrant = self.post("/v1/sessions", &signed).await?;
        *self.token.borrow_mut() = Some(grant.token);
        Ok(())
    }

    async fn changes(&self, since: u64, limit: u32, floor: u64) -> Result<Changes, Fault> {
        self.ask(&self.space(&format!("changes?since={since}&limit={limit}&floor={floor}")), None).await
    }

    async fn digest(&self) -> Result<Digest, Fault> {
        self.ask(&self.space("digest"), None).await
    }

    async fn push(&self, push: &Push) -> Result<PushAnswer, Fault> {
        self.post(&self.space("push"), push).await
    }
}

fn scope() -> WorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn now_ms() -> u64 {
    js_sys::Date::now() as u64
}
