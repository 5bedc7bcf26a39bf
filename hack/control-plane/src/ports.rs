//! Free ports on the loopback address.

use std::{
    fs,
    hash::{BuildHasher, Hasher, RandomState},
    io,
    net::{Ipv4Addr, TcpListener},
    ops::Range,
};

const LOWEST: u16 = 10_000;
const TRIES: usize = 64;

/// The ports of one control plane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ports {
    pub(crate) etcd: u16,
    pub(crate) peer: u16,
    pub(crate) apiserver: u16,
}

impl Ports {
    /// Three ports that nobody listens on at this moment.
    pub(crate) fn free() -> io::Result<Self> {
        let (etcd, peer, apiserver) = (listener()?, listener()?, listener()?);
        Ok(Self {
            etcd: etcd.local_addr()?.port(),
            peer: peer.local_addr()?.port(),
            apiserver: apiserver.local_addr()?.port(),
        })
    }
}

/// Prefers a port below those that the kernel gives to outgoing connections: while the API server is down, a client
/// that keeps dialling its port could otherwise be given that very port, connect to itself and keep the server out.
fn listener() -> io::Result<TcpListener> {
    let range = LOWEST..lowest_outgoing();
    let fixed = (0..TRIES)
        .filter_map(|_| pick(&range))
        .find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok());
    fixed.map_or_else(|| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)), Ok)
}

fn pick(range: &Range<u16>) -> Option<u16> {
    let random = RandomState::new().build_hasher().finish();
    let width = u64::try_from(range.len()).ok()?;
    let offset = u16::try_from(random.checked_rem(width)?).ok()?;
    range.start.checked_add(offset)
}

fn lowest_outgoing() -> u16 {
    fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range")
        .ok()
        .and_then(|range| range.split_whitespace().next()?.parse().ok())
        .unwrap_or(32_768)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ports_of_one_plane_differ() {
        let ports = Ports::free().unwrap();
        assert!(ports.etcd != ports.peer && ports.peer != ports.apiserver && ports.apiserver != ports.etcd);
    }

    #[test]
    fn a_pick_stays_in_its_range_and_an_empty_range_has_none() {
        assert!(
            (0..100)
                .filter_map(|_| pick(&(10..20)))
                .all(|port| (10..20).contains(&port))
        );
        assert_eq!(pick(&(20..20)), None);
        assert_eq!(pick(&Range { start: 20, end: 10 }), None);
    }
}
