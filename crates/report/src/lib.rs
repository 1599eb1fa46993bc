//! Results into files: csv, parquet, xlsx, md, html.
