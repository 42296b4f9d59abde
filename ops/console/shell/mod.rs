//! What all screens share: the frame, and the parts they are made of.

pub(super) mod chart;
pub(super) mod cookie;
pub(super) mod form;
pub(super) mod frame;
pub(super) mod icons;
pub(super) mod link;
pub(super) mod masked;
mod nav;
pub(super) mod parts;
