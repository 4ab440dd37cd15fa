//! A small device: speaks HTTP, signs in, pushes and pulls.

use std::{net::SocketAddr, time::Duration};

use axum::body::Bytes;
use ed25519_dalek::{Signer, SigningKey};
use http_body_util::{BodyExt, Full};
use hyper::{HeaderMap, Method, Request, StatusCode, body::Incoming};
use hyper_util::rt::TokioIo;
use satchel_server::{Config, Running, Server};
use satchel_wire::{
    AccountContent, AccountId, CBOR, Challenge, ChallengeRequest, Changes, DeviceId, Envelope, Etag, Header,
    Kdf, Login, LoginStatement, Problem, Push, PushAnswer, PushMode, RecordId, Register, Seen, SessionGrant,
    SlotId, SlotRecord, SpaceId, Stream, from_cbor, to_cbor,
};
use serde::{Serialize, de::DeserializeOwned};
use tempfile::TempDir;
use tokio::{net::TcpStream, time::timeout};

/// Longer than any honest answer here.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A server with a data directory of its own.
pub(crate) struct Site {
    pub(crate) running: Running,
    pub(crate) folder: TempDir,
}

impl Site {
    pub(crate) async fn open() -> Self {
        Self::with(|_| ()).await
    }

    /// A server whose configuration was changed.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = TempDir::new().unwrap();
        let mut config = Config::local(folder.path().join("data"));
        change(&mut config);
        let running = Server::start(config).await.unwrap();
        Self { running, folder }
    }

    pub(crate) fn net(&self) -> Net {
        Net(self.running.address())
    }
}

/// The network, as far as the server.
#[derive(Clone, Copy)]
pub(crate) struct Net(pub(crate) SocketAddr);

/// The connection broke, or nobody answered.
pub(crate) type Cut = Box<dyn std::error::Error + Send + Sync>;

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn message<T: DeserializeOwned>(&self) -> T {
        assert_eq!((self.status.is_success(), self.header("content-type")), (true, CBOR), "{self:?}");
        from_cbor(&self.body).unwrap()
    }

    /// Checks the shape of a problem (RFC 9457) and gives its status and code.
    pub(crate) fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        assert_eq!(self.header("cache-control"), "no-store");
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem.status, self.status.as_u16());
        assert!(!problem.title.is_empty() && problem.detail.is_some_and(|detail| !detail.is_empty()));
        let code = problem.kind.strip_prefix("urn:satchel:problem:").unwrap();
        (problem.status, code.to_owned())
    }
}

impl Net {
    /// Sends a request and gives its answer as soon as the head is there.
    pub(crate) async fn open(self, request: Request<Full<Bytes>>) -> hyper::Response<Incoming> {
        self.try_open(request).await.unwrap()
    }

    /// The same, for a server that may be gone.
    async fn try_open(self, request: Request<Full<Bytes>>) -> Result<hyper::Response<Incoming>, Cut> {
        let socket = TcpStream::connect(self.0).await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(socket)).await?;
        tokio::spawn(connection);
        Ok(timeout(PATIENCE, sender.send_request(request)).await??)
    }

    pub(crate) async fn try_send(self, request: Request<Full<Bytes>>) -> Result<Got, Cut> {
        let (head, body) = self.try_open(request).await?.into_parts();
        let body = timeout(PATIENCE, body.collect()).await??.to_bytes();
        Ok(Got { status: head.status, headers: head.headers, body })
    }

    pub(crate) async fn send(self, request: Request<Full<Bytes>>) -> Got {
        self.try_send(request).await.unwrap()
    }

    pub(crate) async fn get(self, path: &str, headers: &[(&str, &str)]) -> Got {
        self.send(request(Method::GET, path, headers, Vec::new())).await
    }

    pub(crate) async fn post(self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Got {
        self.send(request(Method::POST, path, headers, body)).await
    }

    pub(crate) async fn tell<T: Serialize>(self, path: &str, message: &T) -> Got {
        self.post(path, &[("content-type", CBOR)], to_cbor(message)).await
    }
}

pub(crate) fn request(
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Request<Full<Bytes>> {
    let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Full::new(Bytes::from(body))).unwrap()
}

/// An account on a device.
#[derive(Clone)]
pub(crate) struct Device {
    pub(crate) net: Net,
    pub(crate) key: SigningKey,
    pub(crate) register: Register,
    /// Where it works.
    pub(crate) space: SpaceId,
    pub(crate) bearer: String,
    pub(crate) slot: SlotId,
}

impl Device {
    /// Account `name`, not registered yet.
    pub(crate) fn new(net: Net, name: u8) -> Self {
        let key = SigningKey::from_bytes(&[name; 32]);
        let register = Register {
            account: AccountId([name; 16]),
            content: content(name, key.verifying_key().to_bytes()),
            space: Some(SpaceId([name; 16])),
            device: DeviceId(u64::from(name)),
        };
        let space = SpaceId([name; 16]);
        Self { net, key, register, space, bearer: String::new(), slot: SlotId::PASSPHRASE }
    }

    /// Account `name`, registered and signed in.
    pub(crate) async fn ready(net: Net, name: u8) -> Self {
        let mut device = Self::new(net, name);
        assert_eq!(net.tell("/v1/accounts", &device.register).await.status, 201);
        device.sign_in().await;
        device
    }

    pub(crate) async fn challenge(&self) -> Challenge {
        let asked = ChallengeRequest { account: self.register.account, slot: self.slot };
        self.net.tell("/v1/sessions/challenge", &asked).await.message()
    }

    /// What an honest device signs.
    pub(crate) fn statement(&self, challenge: &Challenge) -> LoginStatement {
        LoginStatement {
            action: "satchel/login/2".to_owned(),
            host: self.net.0.to_string(),
            time_ms: challenge.server_ms,
            nonce: challenge.nonce,
            account: self.register.account,
            slot: self.slot,
            device: self.register.device,
        }
    }

    pub(crate) fn sign(&self, statement: &LoginStatement) -> Login {
        let statement = to_cbor(statement);
        let signature = self.key.sign(&statement).to_bytes().to_vec();
        Login { statement, signature }
    }

    pub(crate) async fn sign_in(&mut self) -> SessionGrant {
        let login = self.sign(&self.statement(&self.challenge().await));
        let grant: SessionGrant = self.net.tell("/v1/sessions", &login).await.message();
        self.bearer = format!("Bearer {}", grant.token);
        grant
    }

    pub(crate) fn write(&self, record: u32, replaces: Option<Etag>, content: &[u8]) -> Envelope {
        let mut id = [0; 16];
        id[..4].copy_from_slice(&record.to_be_bytes());
        let header = Header {
            format: 1,
            space: self.space,
            record: RecordId(id),
            stream: Stream::State,
            epoch: 1,
            replaces,
            device: self.register.device,
        };
        Envelope { header, ciphertext: content.to_vec() }
    }

    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/v1/spaces/{}/{rest}", self.space.to_hex())
    }

    pub(crate) async fn offer(&self, push: &Push) -> Got {
        self.try_offer(push).await.unwrap()
    }

    /// The same, to a server that may be gone.
    pub(crate) async fn try_offer(&self, push: &Push) -> Result<Got, Cut> {
        let headers = [("content-type", CBOR), ("authorization", self.bearer.as_str())];
        self.net.try_send(request(Method::POST, &self.path("push"), &headers, to_cbor(push))).await
    }

    pub(crate) async fn push(&self, writes: Vec<Envelope>) -> PushAnswer {
        self.offer(&offer(writes)).await.message()
    }

    pub(crate) async fn get(&self, rest: &str) -> Got {
        self.net.get(&self.path(rest), &[("authorization", self.bearer.as_str())]).await
    }

    pub(crate) async fn changes(&self, since: u64) -> Changes {
        self.get(&format!("changes?since={since}")).await.message()
    }
}

/// What account `name` registers with.
fn content(name: u8, login_key: [u8; 32]) -> AccountContent {
    let kdf = Kdf { memory_kib: 65_536, passes: 3, lanes: 1, salt: [name; 16] };
    let slot = SlotRecord { id: SlotId::PASSPHRASE, kdf: Some(kdf), login_key, sealed: vec![name; 60] };
    AccountContent { revision: 1, slots: vec![slot], keyring: vec![name; 200], proof: [name; 32] }
}

pub(crate) fn offer(writes: Vec<Envelope>) -> Push {
    let seen = Seen { seq: 0, root: None };
    Push { push_id: 1, incarnation: None, epoch: 1, seen, mode: PushMode::Each, writes }
}
