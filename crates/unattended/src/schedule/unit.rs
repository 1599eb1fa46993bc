//! The service and the timer.

use std::fmt::Write as _;

use nutag_problem::Error;

use super::{Job, quote};

impl Job {
    /// The service: one run, with no more rights than it needs.
    ///
    /// # Errors
    /// Returns an error if a word or a path is one that no unit can hold.
    pub(super) fn service(&self) -> Result<String, Error> {
        let s = &self.schedule;
        let command: Vec<String> = self
            .command()?
            .iter()
            .enumerate()
            .map(|(i, word)| match i {
                0 => quote::unit_program("this program", word),
                _ => quote::unit_word("the command", word),
            })
            .collect::<Result<_, _>>()?;
        let mut unit = format!(
            "# Written by `nutag schedule`. Place it in /etc/systemd/system/ beside the timer.\n\
             [Unit]\n\
             Description=Nutag: reassess {}\n\
             \n\
             [Service]\n\
             Type=oneshot\n\
             ExecStart={}\n",
            self.name.trim_start_matches("nutag-"),
            command.join(" ")
        );
        let mut line = |key: &str, value: &str| {
            // A String takes whatever is written to it.
            let _ = writeln!(unit, "{key}={value}");
        };
        if let Some(user) = &s.user {
            line("User", quote::user(user)?);
        }
        line("StandardOutput", "journal");
        line("StandardError", "journal");
        line("SyslogIdentifier", &self.name);
        line("TimeoutStartSec", "24h");
        line("Nice", "10");
        line("LimitNOFILE", "4096");
        if let Some(memory) = &s.memory_max {
            line("MemoryMax", quote::memory(memory)?);
        }
        line("UMask", "0022");
        // Nothing can be written but the runs; inputs are there to be read.
        line("ProtectSystem", "strict");
        line("ProtectHome", "read-only");
        line("ReadWritePaths", &quote::unit_path("--runs", &s.runs)?);
        for place in &self.reads {
            line(
                "ReadOnlyPaths",
                &quote::unit_path("a folder of inputs", place)?,
            );
        }
        if s.hook.is_some() {
            // A hook may have to send a letter.
            line("RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6");
        } else {
            line("PrivateNetwork", "yes");
            line("RestrictAddressFamilies", "AF_UNIX");
        }
        for key in [
            "NoNewPrivileges",
            "PrivateDevices",
            "ProtectClock",
            "ProtectControlGroups",
            "ProtectHostname",
            "ProtectKernelLogs",
            "ProtectKernelModules",
            "ProtectKernelTunables",
            "RestrictNamespaces",
            "RestrictRealtime",
            "RestrictSUIDSGID",
            "LockPersonality",
            "MemoryDenyWriteExecute",
            "RemoveIPC",
        ] {
            line(key, "yes");
        }
        // With a /tmp of its own the job would not see what lies in that of all.
        let in_tmp =
            |path: &std::path::PathBuf| path.starts_with("/tmp") || path.starts_with("/var/tmp");
        if !self.reads.iter().chain([&s.runs]).any(in_tmp) {
            line("PrivateTmp", "yes");
        }
        line("CapabilityBoundingSet", "");
        line("SystemCallArchitectures", "native");
        line("SystemCallFilter", "@system-service");
        Ok(unit)
    }

    /// The timer: a time that passed while the machine was off is made up for.
    ///
    /// # Errors
    /// Returns an error if the time has letters that no time has.
    pub(super) fn timer(&self) -> Result<String, Error> {
        Ok(format!(
            "# Written by `nutag schedule`. After placing both: systemctl daemon-reload, then\n\
             # systemctl enable --now {name}.timer\n\
             [Unit]\n\
             Description=When Nutag reassesses {short}\n\
             \n\
             [Timer]\n\
             OnCalendar={calendar}\n\
             Persistent=true\n\
             RandomizedDelaySec=5min\n\
             Unit={name}.service\n\
             \n\
             [Install]\n\
             WantedBy=timers.target\n",
            name = self.name,
            short = self.name.trim_start_matches("nutag-"),
            calendar = quote::calendar(&self.schedule.calendar)?,
        ))
    }
}
