//! Holdfast as a program: settings, the database, the servers, and what each command starts.

pub mod api;
pub mod commands;
pub mod config;
pub mod health;
pub mod house;
pub mod ingress;
pub mod postgres;
pub mod server;
pub mod shutdown;
pub mod telemetry;
