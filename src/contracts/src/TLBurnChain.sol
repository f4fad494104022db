// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The chain of burns, in storage where a proof of state can show it.
/// @author TokenLedger
/// @notice Slot 0 holds burnNonce in its low 64 bits, slot 1 burnAcc. Validators of the ledger read both by
/// eth_getProof; a test holds them where they are.
abstract contract TLBurnChain {
    /// @notice Burns so far.
    uint64 public burnNonce;

    /// @notice True while nothing is minted.
    bool public mintPaused;

    /// @notice True while nothing is burned.
    bool public burnPaused;

    /// @notice Pauses, and liftings of them, so far; the next lifting has one more.
    uint64 public actionNonce;

    /// @notice The hash over all burns so far; 0 before the first.
    bytes32 public burnAcc;

    /// @notice Units left for the ledger.
    /// @param nonce One more than the burn before, from 1.
    /// @param token Which token.
    /// @param from Whose they were.
    /// @param ledgerRecipient The account on the ledger (20 bytes), its tag (8), and 4 zero bytes.
    /// @param amount How many.
    /// @param acc The hash over all burns, this one included.
    event Burned(
        uint64 indexed nonce,
        address indexed token,
        address indexed from,
        bytes32 ledgerRecipient,
        uint128 amount,
        bytes32 acc
    );

    /// @notice There is no such account on the ledger, or the last four bytes are not zero.
    /// @param ledgerRecipient What was given.
    error BadRecipient(bytes32 ledgerRecipient);

    function _append(address token, address from, bytes32 ledgerRecipient, uint128 amount)
        internal
        returns (uint64 nonce)
    {
        // forge-lint: disable-next-line(unsafe-typecast)
        if (bytes20(ledgerRecipient) == 0 || uint32(uint256(ledgerRecipient)) != 0) {
            revert BadRecipient(ledgerRecipient);
        }
        nonce = ++burnNonce;
        bytes32 acc = keccak256(abi.encode(burnAcc, nonce, token, from, ledgerRecipient, amount));
        burnAcc = acc;
        emit Burned(nonce, token, from, ledgerRecipient, amount, acc);
    }
}
