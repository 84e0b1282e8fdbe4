//! The MFA popup: one process, for as long as a code is asked for.

use super::{Watch, frame, order};
use crate::command;
use anyhow::Result;
use holdfast_desktop::agent::{Agent, Interest};

/// Shows the MFA popup until the prompt is answered or declined.
pub(crate) fn run(attached: bool) -> Result<()> {
    let agent = Agent::of_user()?;
    let watch = Watch::default();
    let app = tauri::Builder::default()
        .manage(agent.clone())
        .manage(watch.clone())
        .invoke_handler(command::prompt())
        .setup(move |app| {
            let window = frame::window(app.handle(), "prompt", "prompt.html")
                .title("Enter MFA code")
                .inner_size(420.0, 330.0)
                .min_inner_size(360.0, 240.0)
                .build()?;
            watch.listen(&agent, Interest::default(), app.handle().clone())?;
            if attached {
                order::listen(app.handle().clone(), window)?;
            }
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|_, _| {});
    Ok(())
}
