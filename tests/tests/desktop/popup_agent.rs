//! The MFA popup and an agent that dies while it is open.

use crate::world::Office;
use holdfast_agent_proto::{
    Address, CallerContext, Client, ClientError, ErrorCode, Hello, Interaction, PROTOCOL_VERSION,
    Reply, Request,
};
use holdfast_aws_sim::blog;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const POPUP: &str = "Enter MFA code";

/// How long an agent may take to come up, and the app to find it.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program that asks as soon as somebody can be asked, and not again when the agent goes away.
fn ask_once(office: &Office) -> JoinHandle<Result<Reply, ClientError>> {
    let address = Address::new(office.world.path("run/holdfast/agent.sock")).unwrap();
    let hello = Hello {
        protocol: PROTOCOL_VERSION,
        client: "tests".to_owned(),
        version: "0".to_owned(),
        context: CallerContext {
            config_file: office.world.path(".aws/config"),
            credentials_file: office.world.path(".aws/credentials"),
            interaction: Interaction::Terminal,
            ..CallerContext::default()
        },
    };
    thread::spawn(move || {
        let begun = Instant::now();
        loop {
            let asked = ask(&address, &hello);
            let early = match &asked {
                Err(ClientError::NotRunning { .. }) => true,
                Err(ClientError::Refused(error)) => error.code == ErrorCode::MfaRequired,
                Ok(_) | Err(_) => false,
            };
            if !early || begun.elapsed() > PATIENCE {
                return asked;
            }
            thread::sleep(Duration::from_millis(20));
        }
    })
}

fn ask(address: &Address, hello: &Hello) -> Result<Reply, ClientError> {
    let request = Request::Credentials {
        profile: blog::ROLE_PROFILE.to_owned(),
        wait_seconds: 120,
    };
    Client::connect(address, hello)?.request(request)
}

#[test]
fn what_was_typed_outlives_the_agent() {
    let office = Office::new();
    let tray = office.tray();
    let first = ask_once(&office);
    let page = tray.app.window();
    office.desktop.wait_for_window(POPUP);
    let code = office.world.code();
    office.desktop.type_text(&code[..4]);
    page.wait_until("document.querySelector('input').value.length === 4");

    office.world.kill_agent();
    assert!(first.join().unwrap().is_err());
    page.wait_for_text("h1", "no longer waits");
    page.wait_for_text("#message", "was started again");

    // The program asks again: the same popup has its question, and what was typed before.
    let second = ask_once(&office);
    page.wait_for_text("h1", "needs your MFA code");
    page.wait_until("document.querySelector('input').value.length === 4");
    drop(page);
    office.desktop.type_text(&code[4..]);
    let served = second.join().unwrap();
    assert!(matches!(served, Ok(Reply::Credentials { .. })));
    office.desktop.wait_for_no_window(POPUP);
}

#[test]
fn one_key_closes_what_nobody_waits_for() {
    let office = Office::new();
    let tray = office.tray();
    let asked = ask_once(&office);
    let page = tray.app.window();
    office.desktop.wait_for_window(POPUP);
    page.find("input");
    office.world.kill_agent();
    assert!(asked.join().unwrap().is_err());
    page.wait_for_text("h1", "no longer waits");
    drop(page);
    office.desktop.key("Return");
    office.desktop.wait_for_no_window(POPUP);
}
