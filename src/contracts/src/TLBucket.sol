// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A limit that fills again with time.
/// @author TokenLedger
/// @notice A bucket holds its capacity at most, and an empty one is full after its window.
library TLBucket {
    /// @notice What a bucket holds now.
    /// @param level What it held.
    /// @param time When that was, seconds since 1970.
    /// @param capacity What it can hold.
    /// @param window Seconds in which it fills.
    /// @param now_ Seconds since 1970.
    /// @return level_ What it holds.
    /// @return time_ When that was: for a slow bucket a little before now, so that nobody keeps it empty by
    /// asking often.
    function settle(uint256 level, uint256 time, uint256 capacity, uint256 window, uint256 now_)
        internal
        pure
        returns (uint256 level_, uint256 time_)
    {
        // A capacity is below 2¹²⁸, a time below 2⁴⁰, and a window from 1 to 2³².
        unchecked {
            uint256 filled = capacity * (now_ - time) / window;
            level_ = level + filled;
            if (level_ >= capacity) return (capacity, now_);
            // Here filled < capacity, so the division is by more than zero and its result at most now.
            time_ = filled == 0 ? time : time + (filled * window + capacity - 1) / capacity;
        }
    }
}
