//! `nutag schedule`.

use std::path::Path;

use nutag_problem::Problem;
use nutag_unattended::schedule::{Checked, Schedule as Asked, shell_word};

use super::reassess::runs_folder;
use super::{print, print_json};
use crate::args::Voice;
use crate::args::unattended::Schedule;

/// Writes the units of a scheduled reassessment, or a line for cron.
pub fn schedule(args: &Schedule, voice: Voice) -> anyhow::Result<()> {
    let asked = Asked {
        program: std::env::current_exe()?,
        pipeline: args.pipeline.clone(),
        runs: runs_folder(args.runs.as_deref(), &args.pipeline),
        calendar: args.calendar.clone(),
        user: args.user.clone(),
        keep: args.keep.map(|keep| keep as usize),
        threads: args.threads,
        memory_max: args.memory_max.clone(),
        hook: args.hook.hook(),
    };
    if let Some(fields) = &args.crontab {
        let line = asked.crontab(fields)?;
        if voice.json {
            return print_json(&serde_json::json!({ "crontab": line }));
        }
        return print(&line);
    }
    let written = asked.write(&args.to)?;
    if let Checked::Wrong(said) = &written.checked {
        return Err(Problem::new(format!("systemd refuses the units: {said}"))
            .at(written.service.display())
            .advice("correct what it names, in the options or by hand, and check with `systemd-analyze verify`")
            .failed()
            .into());
    }
    if voice.json {
        return print_json(&written);
    }
    let timer = written
        .timer
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    // These lines are there to be copied into a shell.
    let word = |path: &Path| shell_word("--to", &path.to_string_lossy());
    print(&format!(
        "{}\n{}\n{}\nTo install:\n  sudo cp {} {} /etc/systemd/system/\n  sudo systemctl daemon-reload\n  \
         sudo systemctl enable --now {timer}\nWhat it says: journalctl -u {}",
        written.service.display(),
        written.timer.display(),
        match written.checked {
            Checked::Right => "Checked with systemd-analyze: right.",
            _ => "Not checked: there is no systemd-analyze here.",
        },
        word(&written.service)?,
        word(&written.timer)?,
        written
            .service
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
    ))
}
