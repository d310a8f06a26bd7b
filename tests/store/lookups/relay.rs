//! Stands between the store and MongoDB and reads along.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;

use mongodb::bson::{Bson, Document};

use super::Asked;

/// By the database's name.
static ASKED: LazyLock<Mutex<HashMap<String, Asked>>> = LazyLock::new(Mutex::default);

const OP_QUERY: i32 = 2004;
const OP_MSG: i32 = 2013;
/// Length, request, response, operation.
const HEADER: usize = 16;

/// The address of a relay to this server: one for all tests of this process.
pub fn through(server: &str) -> String {
    static RELAY: LazyLock<Mutex<HashMap<String, u16>>> = LazyLock::new(Mutex::default);
    let mut relays = RELAY.lock().unwrap_or_else(PoisonError::into_inner);
    let port = relays.entry(server.to_owned()).or_insert_with(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, server) = (listener.local_addr().unwrap().port(), server.to_owned());
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = server.clone();
                thread::spawn(move || relay(client, &server));
            }
        });
        port
    });
    format!("127.0.0.1:{port}")
}

/// What was asked of a database so far.
pub fn asked(database: &str) -> Asked {
    lock().get(database).cloned().unwrap_or_default()
}

fn lock() -> MutexGuard<'static, HashMap<String, Asked>> {
    ASKED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn relay(mut client: TcpStream, server: &str) -> io::Result<()> {
    let mut server = TcpStream::connect(server)?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut answers, mut back) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || {
        let _ = io::copy(&mut answers, &mut back);
        back.shutdown(Shutdown::Both)
    });
    let mut is_store = false;
    loop {
        let mut message = vec![0; HEADER];
        let read = client.read_exact(&mut message).and_then(|()| {
            message.resize(number(&message, 0) as usize, 0);
            client.read_exact(&mut message[HEADER..])
        });
        if let Err(error) = read {
            server.shutdown(Shutdown::Both)?;
            return Err(error);
        }
        if let Some(command) = command(&message) {
            is_store |= application(&command).is_some_and(|name| name == "cinepost");
            // Tests that look into the database or make an older one ask as they like.
            if let (true, Ok(database)) = (is_store, command.get_str("$db")) {
                lock().entry(database.to_owned()).or_default().note(&command);
            }
        }
        server.write_all(&message)?;
    }
}

/// Who opens a connection says so with its first command.
fn application(hello: &Document) -> Option<&str> {
    hello.get_document("client").ok()?.get_document("application").ok()?.get_str("name").ok()
}

fn command(message: &[u8]) -> Option<Document> {
    match number(message, 12) {
        OP_MSG => sections(&message[HEADER + 4..]),
        OP_QUERY => {
            let name_ends = HEADER + 4 + message[HEADER + 4..].iter().position(|byte| *byte == 0)?;
            Document::from_reader(&message[name_ends + 9..]).ok()
        }
        _ => None,
    }
}

/// The command, with its lists in it that came in sections of their own.
fn sections(mut rest: &[u8]) -> Option<Document> {
    let (mut command, mut lists) = (Document::new(), Document::new());
    // What is shorter is a checksum.
    while rest.len() > 4 {
        let (kind, section) = rest.split_first()?;
        let (section, behind) = section.split_at_checked(number(section, 0) as usize)?;
        if *kind == 0 {
            command = Document::from_reader(section).ok()?;
        } else {
            let name_ends = 4 + section[4..].iter().position(|byte| *byte == 0)?;
            let mut records = &section[name_ends + 1..];
            let mut list = Vec::new();
            while !records.is_empty() {
                list.push(Bson::Document(Document::from_reader(&mut records).ok()?));
            }
            lists.insert(String::from_utf8_lossy(&section[4..name_ends]), list);
        }
        rest = behind;
    }
    command.extend(lists);
    Some(command)
}

fn number(bytes: &[u8], at: usize) -> i32 {
    i32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}
