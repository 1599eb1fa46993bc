//! A pipeline file into results: config, plan, run, manifest.
