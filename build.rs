//! Embedded migrations are read at compile time; a new file there must start a new build.
fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
