//! The service and the timer.

use std::fmt::Write as _;
use std::path::Path;

use super::Job;

impl Job {
    /// The service: one run, with no more rights than it needs.
    pub(super) fn service(&self) -> String {
        let s = &self.schedule;
        let command: Vec<String> = self
            .command()
            .iter()
            .map(|word| quoted(word, true))
            .collect();
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
            line("User", &quoted(user, false));
        }
        line("StandardOutput", "journal");
        line("StandardError", "journal");
        line("SyslogIdentifier", &self.name);
        line("TimeoutStartSec", "24h");
        line("Nice", "10");
        line("LimitNOFILE", "4096");
        if let Some(memory) = &s.memory_max {
            line("MemoryMax", memory);
        }
        line("UMask", "0022");
        // Nothing can be written but the runs; inputs are there to be read.
        line("ProtectSystem", "strict");
        line("ProtectHome", "read-only");
        line("ReadWritePaths", &quoted_path(&s.runs));
        for place in &self.reads {
            line("ReadOnlyPaths", &quoted_path(place));
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
        unit
    }

    /// The timer: a time that passed while the machine was off is made up for.
    pub(super) fn timer(&self) -> String {
        format!(
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
            calendar = self.schedule.calendar,
        )
    }
}

/// A word of a command line as systemd reads it: `%` and `$` stand for themselves, and quotes
/// hold spaces together.
fn quoted(word: &str, in_command: bool) -> String {
    let mut text = word
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('%', "%%");
    if in_command {
        text = text.replace('$', "$$");
    }
    if word.is_empty()
        || word
            .chars()
            .any(|c| c.is_whitespace() || matches!(c, '"' | '\'' | ';'))
    {
        text = format!("\"{text}\"");
    }
    text
}

fn quoted_path(path: &Path) -> String {
    quoted(&path.display().to_string(), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_command_stay_words() {
        for (word, text) in [
            ("/opt/nutag", "/opt/nutag"),
            ("/data/my runs", "\"/data/my runs\""),
            ("100%", "100%%"),
            ("$HOME", "$$HOME"),
            ("say \"hello\"", "\"say \\\"hello\\\"\""),
            ("", "\"\""),
            ("a;b", "\"a;b\""),
        ] {
            assert_eq!(quoted(word, true), text);
        }
    }
}
