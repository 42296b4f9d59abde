//! Chance that can be repeated.

/// `SplitMix64`.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `below` - 1.
    pub fn below(&mut self, below: usize) -> usize {
        usize::try_from(self.next() % below.max(1) as u64).unwrap()
    }

    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// Some of them, at most `most`, in their order.
    pub fn some<T: Copy>(&mut self, of: &[T], most: usize) -> Vec<T> {
        if of.is_empty() {
            return Vec::new();
        }
        let first = self.below(of.len());
        let stride = 1 + self.below(3);
        of[first..].iter().step_by(stride).take(most).copied().collect()
    }
}
