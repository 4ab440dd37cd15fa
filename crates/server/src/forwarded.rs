//! Where a request comes from when a proxy stands in front.
//!
//! A header can be written by anybody. So it counts only if the socket is that of a proxy which the operator
//! named, and then only its last address that is no such proxy: what stands before that, the client wrote.

use std::net::IpAddr;

use axum::http::HeaderMap;

const HEADER: &str = "x-forwarded-for";

/// The address to ration by.
pub(crate) fn origin(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let trusted = |address: &IpAddr| proxies.contains(&address.to_canonical());
    if !trusted(&peer) {
        return peer;
    }
    let named = headers.get_all(HEADER).iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<_> = named.flat_map(|value| value.split(',')).map(|hop| hop.trim().parse().ok()).collect();
    // What is no address ends the chain: nothing before it can be believed.
    let known = hops.into_iter().rev().map_while(|hop: Option<IpAddr>| hop);
    known.into_iter().find(|hop| !trusted(hop)).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn from(peer: &str, values: &[&str]) -> IpAddr {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(HEADER, value.parse().expect("a header"));
        }
        origin(address(peer), &headers, &[address("10.0.0.1"), address("10.0.0.2")])
    }

    #[test]
    fn only_a_named_proxy_is_believed_and_only_its_own_word() {
        let table: [(&str, &[&str], &str); 8] = [
            ("192.0.2.1", &["198.51.100.7"], "192.0.2.1"),
            ("10.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("::ffff:10.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.9", "198.51.100.7, 10.0.0.2"], "198.51.100.7"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["203.0.113.9, unknown"], "10.0.0.1"),
            ("10.0.0.1", &["10.0.0.2"], "10.0.0.1"),
        ];
        for (peer, values, expected) in table {
            assert_eq!(from(peer, values), address(expected), "{peer} {values:?}");
        }
    }
}
