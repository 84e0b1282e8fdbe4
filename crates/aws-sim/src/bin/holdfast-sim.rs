//! The simulated AWS as a program.

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use holdfast_aws_sim::{Admin, Place, Scenario, Sim};
use serde_json::json;

/// A local AWS: run it, then `. DIR/env.sh` in a shell whose programs shall use it.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Folder for its files: ca.pem, env.sh, aws/config, aws/credentials, repos/
    #[arg(long, value_name = "DIR", required = true)]
    state_dir: Option<PathBuf>,
    /// Port on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The world to start with
    #[arg(long, value_enum, default_value_t = Known::Blog)]
    scenario: Known,
    /// Say where it listens in JSON
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Print the code an MFA device shows now
    Totp {
        /// Serial number of the device
        serial: String,
        /// Folder of the running simulated AWS
        #[arg(long, value_name = "DIR")]
        state_dir: PathBuf,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Known {
    /// A user with an MFA device, and a repository behind a role in another account
    Blog,
    /// The same with 5,000 repositories
    BlogMany,
    /// A user with roles and repositories in several accounts
    Team,
    /// A user with profiles over two portals of IAM Identity Center
    Sso,
    /// A portal with 1,000 accounts and five permission sets in each
    SsoMany,
    /// A machine at AWS with roles, a web identity token, and a person who is signed in to the console
    Sources,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut text = error.to_string();
            let mut cause = error.source();
            while let Some(inner) = cause {
                text.push_str(&format!(": {inner}"));
                cause = inner.source();
            }
            // Nothing is left to tell it to when standard error is gone.
            let _ = writeln!(io::stderr(), "error: {text}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    match arguments.command {
        Some(Command::Totp { serial, state_dir }) => {
            writeln!(out, "{}", Admin::of_folder(&state_dir)?.totp(&serial)?)?;
        }
        None => {
            let scenario = match arguments.scenario {
                Known::Blog => Scenario::blog(),
                Known::BlogMany => Scenario::blog_many(5_000),
                Known::Team => Scenario::team(),
                Known::Sso => Scenario::sso(),
                Known::SsoMany => Scenario::sso_many(1000, 5),
                Known::Sources => Scenario::sources(),
            };
            let folder = arguments.state_dir.map(std::path::absolute).transpose()?;
            let place = Place {
                port: arguments.port,
                folder,
            };
            let sim = Sim::start_at(scenario, place)?;
            if arguments.json {
                let ready = json!({
                    "address": sim.address().to_string(),
                    "proxy": sim.proxy_url(),
                    "ca": sim.ca_pem_path(),
                    "state_dir": sim.folder(),
                });
                writeln!(out, "{ready}")?;
            } else {
                let script = sim.folder().join("env.sh");
                writeln!(
                    out,
                    "simulated AWS ready at {}; run: . {}",
                    sim.proxy_url(),
                    script.display()
                )?;
            }
            out.flush()?;
            wait_for_the_end()?;
        }
    }
    Ok(())
}

/// Returns when the program is asked to end.
fn wait_for_the_end() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(asked_to_end())
}

#[cfg(unix)]
async fn asked_to_end() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn asked_to_end() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
