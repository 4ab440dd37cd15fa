//! Who asks, for what space, from where: what is read from a request's head.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Path},
    http::{Extensions, HeaderMap, header, request::Parts},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use satchel_wire::SpaceId;
use sha2::{Digest, Sha256};

use crate::{
    log::{LogError, Session, TokenHash},
    login::random,
    problem::Problem,
    service::Shared,
};

/// A session's token: 256 random bits.
pub(crate) struct Token([u8; 32]);

impl Token {
    /// A new one.
    pub(crate) fn make() -> Result<Self, LogError> {
        random().map(Self)
    }

    /// As the device sends it.
    pub(crate) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// As it is stored.
    pub(crate) fn hash(&self) -> TokenHash {
        Sha256::digest(self.0).into()
    }

    fn of(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = value.split_once(' ')?;
        let bytes = URL_SAFE_NO_PAD.decode(token.trim()).ok()?;
        scheme.eq_ignore_ascii_case("bearer").then_some(Self(bytes.try_into().ok()?))
    }
}

/// The session that a request was sent in, and by which token.
pub(crate) struct Bearer {
    pub(crate) token: TokenHash,
    pub(crate) session: Session,
}

impl FromRequestParts<Shared> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Shared) -> Result<Self, Problem> {
        let token = Token::of(&parts.headers).ok_or(Problem::SessionNeeded)?.hash();
        let session = service.log().session(token, service.now_ms()).await?;
        session.map(|session| Self { token, session }).ok_or(Problem::SessionNeeded)
    }
}

/// The session that a request was sent in.
pub(crate) struct Signed(pub(crate) Session);

impl FromRequestParts<Shared> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Shared) -> Result<Self, Problem> {
        let Bearer { session, .. } = Bearer::from_request_parts(parts, service).await?;
        Ok(Self(session))
    }
}

/// The space that the path names, in lower-case hexadecimal.
pub(crate) struct Space(pub(crate) SpaceId);

impl FromRequestParts<Shared> for Space {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Shared) -> Result<Self, Problem> {
        let Path(text) =
            Path::<String>::from_request_parts(parts, service).await.map_err(|_| Problem::Malformed)?;
        let space = SpaceId::from_hex(&text).ok_or(Problem::Malformed)?;
        // One spelling for one space.
        if space.to_hex() == text { Ok(Self(space)) } else { Err(Problem::Malformed) }
    }
}

/// Where a request comes from: the other end of the socket, or what a trusted proxy says.
pub(crate) struct Peer(pub(crate) IpAddr);

impl Peer {
    /// What the connection put beside the request.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        let address = extensions.get::<ConnectInfo<SocketAddr>>();
        let unknown = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        Self(address.map_or(unknown, |ConnectInfo(address)| address.ip()))
    }
}

impl FromRequestParts<Shared> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions))
    }
}

/// One of the attempts that an address has, for routes that ask for no session. It stands before the body in each of
/// them: nothing more is read of whoever has none left.
pub(crate) struct Admitted;

impl FromRequestParts<Shared> for Admitted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Shared) -> Result<Self, Problem> {
        service.admit(Peer::of(&parts.extensions).0).map(|()| Self)
    }
}
