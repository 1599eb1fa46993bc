//! Any text as the metadata of HDF-EOS2.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = hdf4::odl::parse("StructMetadata.0", text);
    let _ = hdf4::eos::parse(text);
});
