//! The migrations are carried in the binary: a new one makes it stale.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
