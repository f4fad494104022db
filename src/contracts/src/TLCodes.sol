// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Why something was refused. Numbers never change their meaning.
/// @author TokenLedger
/// @notice Restrictions are a token's, reasons the bridge's.
library TLCodes {
    // Restrictions of a token, as ERC-1404 asks for them.

    /// @notice Nothing stands against it.
    uint8 internal constant OK = 0;
    /// @notice Transfers of the token are paused.
    uint8 internal constant PAUSED = 1;
    /// @notice The sender is frozen or denied.
    uint8 internal constant SENDER = 2;
    /// @notice The receiver is not registered, not any longer, or denied.
    uint8 internal constant RECEIVER = 3;
    /// @notice There are not so many free units.
    uint8 internal constant FROZEN = 4;
    /// @notice The venue would hold more than its cap.
    uint8 internal constant CAP = 5;
    /// @notice The receiver is frozen.
    uint8 internal constant RECEIVER_FROZEN = 6;
    /// @notice The policy did not answer.
    uint8 internal constant POLICY = 7;

    // Reasons of the bridge's MintRejected.

    /// @notice The nonce was minted or voided before.
    uint8 internal constant CONSUMED = 1;
    /// @notice The nonce, the receiver or the amount is zero.
    uint8 internal constant ZERO = 2;
    /// @notice More than one item may have.
    uint8 internal constant ITEM_CAP = 3;
    /// @notice More than the bucket holds now; later it may do.
    uint8 internal constant BUCKET = 4;
    /// @notice More than the supply may be.
    uint8 internal constant CEILING = 5;
    /// @notice More than the ledger said that it locked.
    uint8 internal constant BACKING = 6;
    /// @notice The token failed and did not say why.
    uint8 internal constant FAILED = 7;
    /// @notice The token refused: this and its restriction's code.
    uint8 internal constant RESTRICTED = 16;
}
