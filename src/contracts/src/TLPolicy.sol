// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The rule of who may send a token to whom; each token points at one.
/// @author TokenLedger
/// @notice Two are here: the register itself, `TLEligibility`, by which whoever is listed may hold; and
/// `TLDenylist`, by which whoever is not denied may, for assets whose law allows that.
interface TLPolicy {
    /// @notice Asked by the token itself before a movement. Does not revert.
    /// @param from The sender; zero when units are minted.
    /// @param to The receiver.
    /// @param amount How many units; zero asks for the parties alone.
    /// @return code 0, or why not: a code of `TLCodes`.
    function check(address from, address to, uint256 amount) external view returns (uint8 code);
}
