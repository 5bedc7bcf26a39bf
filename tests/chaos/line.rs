//! Connections that know which operator opened them, and tell when the last byte of an answer has gone out.
use super::trap::Trap;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Where connections come in.
pub struct Lines {
    listener: TcpListener,
    trap: Arc<Trap>,
}

/// A connection.
pub struct Line {
    stream: TcpStream,
    end: LineEnd,
}

/// What a request knows of its connection.
#[derive(Clone)]
pub struct LineEnd {
    /// The trap's epoch at the time it was opened.
    pub epoch: u64,
    springs: Arc<AtomicBool>,
    trap: Arc<Trap>,
}

impl LineEnd {
    /// The trap springs when this connection has been written to the end.
    pub fn spring_at_the_end(&self) {
        self.springs.store(true, Ordering::Release);
    }

    fn ended(&self) {
        if self.springs.swap(false, Ordering::AcqRel) {
            self.trap.spring();
        }
    }
}

impl Lines {
    /// Listens on a free port.
    pub async fn open(trap: Arc<Trap>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self { listener, trap }
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://{}", self.listener.local_addr().unwrap())
    }
}

impl Listener for Lines {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        let _ = stream.set_nodelay(true);
        let end = LineEnd {
            epoch: self.trap.epoch(),
            springs: Arc::default(),
            trap: self.trap.clone(),
        };
        (Line { stream, end }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Connected<IncomingStream<'_, Lines>> for LineEnd {
    fn connect_info(stream: IncomingStream<'_, Lines>) -> Self {
        stream.io().end.clone()
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    /// Called once everything is flushed, since the answer that springs the trap says `Connection: close`.
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.end.ended();
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.end.ended();
    }
}
