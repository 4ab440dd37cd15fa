//! Stopping without cutting anybody off.

use std::time::Duration;

use satchel_wire::{CBOR, to_cbor};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

use crate::{
    client::{Device, PATIENCE, Site},
    hints::Stream,
};

#[tokio::test]
async fn streams_end_and_the_address_is_free_again() {
    let site = Site::open().await;
    let device = Device::ready(site.net(), 1).await;
    let mut stream = Stream::open(&device).await;
    assert_eq!(stream.head().await, 0);
    let address = site.running.address();
    let begun = Instant::now();
    timeout(PATIENCE, site.running.stop()).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(5), "nobody had to be waited for");
    assert_eq!(stream.piece().await, None);
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_request_in_work_is_finished() {
    let site = Site::open().await;
    let device = Device::new(site.net(), 1);
    let body = to_cbor(&device.register);
    let mut socket = TcpStream::connect(site.net().0).await.unwrap();
    let head = format!(
        "POST /v1/accounts HTTP/1.1\r\nhost: x\r\ncontent-type: {CBOR}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    sleep(Duration::from_millis(200)).await;
    let stopping = tokio::spawn(site.running.stop());
    sleep(Duration::from_millis(200)).await;
    socket.write_all(&body).await.unwrap();
    let mut answer = Vec::new();
    timeout(PATIENCE, socket.read_to_end(&mut answer)).await.unwrap().unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 201 "));
    timeout(PATIENCE, stopping).await.unwrap().unwrap();
}

#[tokio::test]
async fn whoever_never_finishes_is_not_waited_for() {
    let site = Site::with(|config| config.limits.stop = Duration::from_millis(300)).await;
    let mut socket = TcpStream::connect(site.net().0).await.unwrap();
    let head = format!(
        "POST /v1/accounts HTTP/1.1\r\nhost: x\r\ncontent-type: {CBOR}\r\ncontent-length: 99\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    sleep(Duration::from_millis(100)).await;
    timeout(Duration::from_secs(5), site.running.stop()).await.unwrap();
}
