//! Lists what HDF4 files hold: SDS with their types, shapes, layouts and attributes, and grids.
//!
//! `cargo run --example hdf4ls -- FILE...`
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program prints"
)]

use std::process::ExitCode;

use hdf4::{Attribute, AttributeValue, Dataset, Hdf4File, Layout};

fn main() -> ExitCode {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    if paths.is_empty() {
        eprintln!("usage: hdf4ls FILE...");
        return ExitCode::from(2);
    }
    let mut code = ExitCode::SUCCESS;
    for path in paths {
        if let Err(error) = list(&path) {
            eprintln!("{error}");
            code = ExitCode::FAILURE;
        }
    }
    code
}

fn list(path: &str) -> hdf4::Result<()> {
    let file = Hdf4File::open(path)?;
    println!(
        "{path}: {} bytes, {} SDS",
        file.length_bytes(),
        file.datasets().len()
    );
    for ds in file.datasets() {
        let stored = file.stored_bytes(ds)?;
        let (shape, layout) = (shape(ds.shape()), layout(ds));
        println!(
            "\n  {:<30} {:<7} {shape:<12} {layout}, {stored} bytes",
            ds.name(),
            type_name(ds)
        );
        let names: Vec<&str> = ds.dimensions().iter().map(|d| d.name.as_str()).collect();
        println!("    dimensions        {}", names.join(", "));
        ds.attributes().iter().for_each(attribute);
    }
    if !file.attributes().is_empty() {
        println!("\n  attributes of the file");
        file.attributes().iter().for_each(attribute);
    }
    for grid in file.eos_grids()? {
        println!(
            "\n  grid {}: {} rows, {} columns, {}",
            grid.name, grid.rows, grid.cols, grid.projection
        );
        println!("    upper left        {:?}", grid.upper_left_m);
        println!("    lower right       {:?}", grid.lower_right_m);
        let fields: Vec<&str> = grid.fields.iter().map(|f| f.name.as_str()).collect();
        println!("    fields            {}", fields.join(", "));
    }
    Ok(())
}

fn type_name(ds: &Dataset) -> String {
    ds.number_type().to_string()
}

fn shape(lengths: &[usize]) -> String {
    lengths
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("x")
}

fn layout(ds: &Dataset) -> String {
    match ds.layout() {
        Layout::Empty => "never written".to_string(),
        Layout::Contiguous => "contiguous".to_string(),
        Layout::LinkedBlocks => "in linked blocks".to_string(),
        Layout::Compressed { coder } => format!("packed whole ({})", coder.name()),
        Layout::Chunked { chunk_shape, coder } => {
            format!("chunks of {} ({})", shape(chunk_shape), coder.name())
        }
        other => format!("{other:?}"),
    }
}

/// One line; long texts are cut.
fn attribute(attribute: &Attribute) {
    let value = match &attribute.value {
        AttributeValue::Text(text) => {
            let short: String = text.chars().take(60).collect();
            let cut = if short.len() < text.len() { "..." } else { "" };
            format!("{short:?}{cut}")
        }
        AttributeValue::Other { number_type, bytes } => {
            format!("{} bytes of number type {number_type}", bytes.len())
        }
        _ => {
            let numbers = attribute.as_f64s().unwrap_or_default();
            numbers
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        }
    };
    println!("    {:<17} {value}", attribute.name);
}
