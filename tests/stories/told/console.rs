//! The ops console, as a browser and as crafted requests meet it.

mod browser;
// T2: by crafted requests, without a browser.
mod desk;
mod digest;
mod hostile;
mod page;
mod places;
mod sessions;
mod strings;
mod walk;
mod walls;
