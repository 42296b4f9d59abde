//! Stories: the whole house on a real database, with the world outside played by the simulators.
//!
//! A story begins with a fresh database and ends by proving that nothing was left undone, nothing
//! was given up, and nothing was said that the story did not expect.

#[cfg(test)]
mod house;
#[cfg(test)]
mod told;
